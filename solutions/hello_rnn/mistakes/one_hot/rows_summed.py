"""rows_summed

en: You have one vector for the whole text, with counts in it: each index needs a row of its own.
zh: 整个文本只有一个向量，里面是次数：每个下标需要自己的一行。
fails: test_shape
"""

import torch.nn.functional as F


def one_hot(indices, num_classes):
    return F.one_hot(indices, num_classes).sum(0).float()
