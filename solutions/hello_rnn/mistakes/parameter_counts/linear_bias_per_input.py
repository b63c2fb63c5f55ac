"""linear_bias_per_input

en: You counted one bias for each input feature: look at the shape of nn.Linear's `bias`, and at which numbers it is added to.
zh: 你给每个输入特征数了一个偏置：看看 nn.Linear 的 bias 是什么形状，它加在哪些数上。
fails: test_linear
"""


def linear_parameters(in_features, out_features):
    return in_features * out_features + in_features
