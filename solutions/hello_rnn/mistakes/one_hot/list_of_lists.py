"""list_of_lists

en: You return a list of lists: the rows should be one tensor.
zh: 你返回了列表的列表：这些行应该是一个张量。
fails: test_shape
"""

import torch.nn.functional as F


def one_hot(indices, num_classes):
    return F.one_hot(indices, num_classes).float().tolist()
