"""marked_with_the_index

en: Each row has the index itself at its place, so class 0 is not marked at all: every class is marked with the same number.
zh: 每一行在对应位置上放的是下标本身，于是第 0 类根本没有标记：每个类别都用同一个数标记。
fails: test_values
"""

import torch.nn.functional as F


def one_hot(indices, num_classes):
    return F.one_hot(indices, num_classes).float() * indices[:, None]
