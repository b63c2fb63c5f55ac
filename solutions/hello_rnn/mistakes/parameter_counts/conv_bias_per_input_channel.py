"""conv_bias_per_input_channel

en: You counted one bias for each input channel: look at the shape of nn.Conv2d's `bias`.
zh: 你给每个输入通道数了一个偏置：看看 nn.Conv2d 的 bias 的形状。
fails: test_conv2d
"""


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return out_channels * in_channels * kernel_size**2 + in_channels
