"""conv_without_bias

en: You counted the kernels of the convolution and no biases: every output channel adds one more number.
zh: 你只数了卷积核，没有数偏置：每个输出通道还要再加一个数。
fails: test_conv2d
"""


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return out_channels * in_channels * kernel_size**2
