"""one_column_too_many

en: There is one column too many at the end: the class axis has num_classes columns.
zh: 末尾多了一列：类别轴应有 num_classes 列。
fails: test_shape
"""

import torch


def one_hot(indices, num_classes):
    return torch.eye(num_classes + 1)[indices]
