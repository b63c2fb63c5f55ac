"""encode_in_lower_case

en: encode looks capitals up as small letters: H and h are two characters here.
zh: encode 把大写字母当成小写来查：这里 H 和 h 是两个字符。
fails: test_encode
"""

import torch


def encode(text, char2idx):
    return torch.tensor([char2idx[char] for char in text.lower()])
