"""width_from_distinct_indices

en: The class axis is as long as there are different indices: num_classes says how many columns there are.
zh: 类别轴的长度取决于有多少个不同的下标：列数应由 num_classes 决定。
fails: test_shape
"""

import torch.nn.functional as F


def one_hot(indices, num_classes):
    return F.one_hot(indices, len(indices.unique())).float()
