"""conv_single_bias

en: You counted one bias for the whole convolution: look at the shape of nn.Conv2d's `bias`.
zh: 你给整个卷积层只数了一个偏置：看看 nn.Conv2d 的 bias 的形状。
fails: test_conv2d
"""


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return out_channels * in_channels * kernel_size**2 + 1
