"""one_row_for_all

en: You have one vector with the ones of all the indices: each index needs a row of its own.
zh: 你只有一个向量，里面有所有下标的 1：每个下标需要自己的一行。
fails: test_shape
"""

import torch


def one_hot(indices, num_classes):

    row = torch.zeros(num_classes)
    row[indices] = 1
    return row
