"""linear_without_bias

en: You counted the weights of the linear layer only: nn.Linear has a second tensor besides `weight`.
zh: 你只数了线性层的权重：除了 weight，nn.Linear 还有另一个张量。
fails: test_linear
"""


def linear_parameters(in_features, out_features):
    return in_features * out_features
