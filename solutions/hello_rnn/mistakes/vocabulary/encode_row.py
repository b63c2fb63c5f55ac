"""encode_row

en: encode returns (1, seq): the result has the one axis seq.
zh: encode 返回了 (1, seq)：结果只有 seq 这一个轴。
fails: test_encode
"""

import torch


def encode(text, char2idx):
    return torch.tensor([char2idx[char] for char in text]).unsqueeze(0)
