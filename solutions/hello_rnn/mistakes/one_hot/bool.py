"""bool

en: The places are right and hold True and False: nn.RNN computes in float32.
zh: 位置是对的，但存的是 True 和 False：nn.RNN 用 float32 计算。
fails: test_values
"""

import torch


def one_hot(indices, num_classes):
    return torch.arange(num_classes) == indices[:, None]
