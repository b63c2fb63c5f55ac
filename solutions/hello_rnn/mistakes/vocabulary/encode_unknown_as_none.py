"""encode_unknown_as_none

en: An unknown character ends in RuntimeError and not in KeyError: look at what your lookup gives for it, and what fails then.
zh: 遇到不认识的字符时出的是 RuntimeError 而不是 KeyError：看看你的查找给出了什么，之后是哪里出错。
fails: test_unknown
"""

import torch


def encode(text, char2idx):
    return torch.tensor([char2idx.get(char) for char in text])
