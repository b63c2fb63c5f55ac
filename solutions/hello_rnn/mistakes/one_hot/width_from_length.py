"""width_from_length

en: The class axis is as long as the sequence: num_classes says how many columns there are.
zh: 类别轴和序列一样长：列数应由 num_classes 决定。
fails: test_shape
"""

import torch.nn.functional as F


def one_hot(indices, num_classes):
    return F.one_hot(indices, len(indices)).float()
