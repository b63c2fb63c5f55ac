"""encode_returns_an_array

en: encode returns a NumPy array: a tensor is asked for.
zh: encode 返回了 NumPy 数组：题目要的是张量。
fails: test_encode
"""

import numpy as np


def encode(text, char2idx):
    return np.array([char2idx[char] for char in text])
