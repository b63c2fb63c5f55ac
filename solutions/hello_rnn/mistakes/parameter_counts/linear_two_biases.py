"""linear_two_biases

en: You counted two biases for each output of the linear layer: it is the recurrent layer that has two bias vectors.
zh: 你给线性层的每个输出数了两个偏置：有两个偏置向量的是循环层。
fails: test_linear
"""


def linear_parameters(in_features, out_features):
    return in_features * out_features + 2 * out_features
