"""linear_float

en: You return the right number of the linear layer as a float: a count is a whole number, so look for what makes it a float.
zh: 线性层的个数是对的，但你返回了浮点数：个数是整数，看看是哪一步把它变成了浮点数。
fails: test_linear
"""


def linear_parameters(in_features, out_features):
    return float(in_features * out_features + out_features)
