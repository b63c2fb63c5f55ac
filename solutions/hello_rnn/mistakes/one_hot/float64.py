"""float64

en: The values are right and are float64: nn.RNN computes in float32.
zh: 值是对的，但类型是 float64：nn.RNN 用 float32 计算。
fails: test_values
"""

import torch.nn.functional as F


def one_hot(indices, num_classes):
    return F.one_hot(indices, num_classes).double()
