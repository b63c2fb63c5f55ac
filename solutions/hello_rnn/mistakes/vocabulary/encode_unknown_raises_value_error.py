"""encode_unknown_raises_value_error

en: An unknown character ends in ValueError: KeyError is asked for, which a dict raises by itself.
zh: 遇到不认识的字符时抛出的是 ValueError：题目要 KeyError，字典自己就会抛出它。
fails: test_unknown
"""

import torch


def encode(text, char2idx):
    characters = list(char2idx)
    return torch.tensor([char2idx[characters[characters.index(char)]] for char in text])
