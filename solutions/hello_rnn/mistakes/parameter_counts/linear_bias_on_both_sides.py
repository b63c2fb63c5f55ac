"""linear_bias_on_both_sides

en: You counted biases for the inputs as well as for the outputs: only one of the two sides of a linear layer has them.
zh: 你给输入和输出都数了偏置：线性层只有其中一侧有偏置。
fails: test_linear
"""


def linear_parameters(in_features, out_features):
    return in_features * out_features + in_features + out_features
