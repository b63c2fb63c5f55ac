"""all_zeros

en: The result is all zeros: look at whether the ones reach the tensor that you return.
zh: 结果全是零：看看那些 1 有没有写进你返回的张量。
fails: test_values
"""

import torch


def one_hot(indices, num_classes):
    return torch.zeros(len(indices), num_classes)
