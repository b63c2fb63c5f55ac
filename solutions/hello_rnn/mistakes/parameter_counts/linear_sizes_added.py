"""linear_sizes_added

en: You added the two sizes of the linear layer: a weight belongs to a pair of an input and an output, so count the pairs.
zh: 你把线性层的两个大小相加了：一个权重对应一对输入和输出，请数一数有多少对。
fails: test_linear
"""


def linear_parameters(in_features, out_features):
    return in_features + out_features
