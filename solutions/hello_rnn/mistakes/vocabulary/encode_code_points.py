"""encode_code_points

en: encode returns the characters' code points: their indices stand in char2idx.
zh: encode 返回了字符的编码值：它们的下标在 char2idx 里。
fails: test_encode
"""

import torch


def encode(text, char2idx):
    return torch.tensor([ord(char) for char in text])
