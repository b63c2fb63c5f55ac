"""encode_column

en: encode returns a column, (seq, 1): the result has the one axis seq.
zh: encode 返回了一列 (seq, 1)：结果只有 seq 这一个轴。
fails: test_encode
"""

import torch


def encode(text, char2idx):
    return torch.tensor([char2idx[char] for char in text]).unsqueeze(1)
