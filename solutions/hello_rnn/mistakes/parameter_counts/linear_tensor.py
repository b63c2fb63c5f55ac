"""linear_tensor

en: You return the count of the linear layer as a tensor: the task asks for a plain Python int.
zh: 你把线性层的参数个数作为张量返回：题目要的是普通的 Python int。
fails: test_linear
"""

import torch


def linear_parameters(in_features, out_features):
    return torch.tensor(in_features * out_features + out_features)
