"""four_classes

en: There are always four columns: other words have other numbers of letters, and num_classes says how many.
zh: 总是四列：别的单词有别的字母个数，num_classes 说明有多少。
fails: test_shape
"""

import torch.nn.functional as F


def one_hot(indices, num_classes):
    return F.one_hot(indices, 4).float()
