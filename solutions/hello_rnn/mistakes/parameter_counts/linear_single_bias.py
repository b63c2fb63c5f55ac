"""linear_single_bias

en: You counted a single bias for the whole linear layer: look at the shape of nn.Linear's `bias`.
zh: 你给整个线性层只数了一个偏置：看看 nn.Linear 的 bias 的形状。
fails: test_linear
"""


def linear_parameters(in_features, out_features):
    return in_features * out_features + 1
