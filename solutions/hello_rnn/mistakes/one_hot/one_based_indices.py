"""one_based_indices

en: Each one stands one column too far left, and that of class 0 in the last column: indices count from 0.
zh: 每个 1 都偏左了一列，第 0 类的 1 跑到了最后一列：下标从 0 开始数。
fails: test_values
"""

import torch


def one_hot(indices, num_classes):
    return torch.eye(num_classes)[indices - 1]
