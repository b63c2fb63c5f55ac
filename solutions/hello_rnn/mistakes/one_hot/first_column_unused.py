"""first_column_unused

en: There is one column too many, and column 0 is always empty: indices count from 0 to num_classes - 1.
zh: 多了一列，而且第 0 列总是空的：下标从 0 数到 num_classes - 1。
fails: test_shape
"""

import torch


def one_hot(indices, num_classes):
    return torch.eye(num_classes + 1)[indices + 1]
