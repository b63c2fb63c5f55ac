"""encode_unknown_as_minus_one

en: encode gives an unknown character the index -1: it should raise KeyError.
zh: encode 给不认识的字符下标 -1：应该抛出 KeyError。
fails: test_unknown
"""

import torch


def encode(text, char2idx):
    return torch.tensor([char2idx.get(char, -1) for char in text])
