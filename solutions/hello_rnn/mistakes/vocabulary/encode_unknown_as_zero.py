"""encode_unknown_as_zero

en: encode takes an unknown character for index 0, which is another character: it should raise KeyError.
zh: encode 把不认识的字符当成下标 0，那是另一个字符：应该抛出 KeyError。
fails: test_unknown
"""

import torch


def encode(text, char2idx):
    return torch.tensor([char2idx.get(char, 0) for char in text])
