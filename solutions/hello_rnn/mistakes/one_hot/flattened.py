"""flattened

en: All rows stand one after the other on a single axis: each index needs a row of its own.
zh: 所有的行都接在一个轴上：每个下标需要自己的一行。
fails: test_shape
"""

import torch.nn.functional as F


def one_hot(indices, num_classes):
    return F.one_hot(indices, num_classes).float().flatten()
