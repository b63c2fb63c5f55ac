"""encode_first_character_only

en: encode returns the index of the first character alone: look at what stands inside your loop.
zh: encode 只返回了第一个字符的下标：看看哪些语句写在了循环里面。
fails: test_encode
"""

import torch


def encode(text, char2idx):
    for char in text:
        return torch.tensor([char2idx[char]])
