"""one_column_too_far_right

en: Each one stands one column too far right, and that of the last class in column 0: index i means column i.
zh: 每个 1 都偏右了一列，最后一类的 1 跑到了第 0 列：下标 i 就是第 i 列。
fails: test_values
"""

import torch


def one_hot(indices, num_classes):
    return torch.eye(num_classes)[(indices + 1) % num_classes]
