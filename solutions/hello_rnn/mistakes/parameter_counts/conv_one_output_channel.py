"""conv_one_output_channel

en: You counted the weights and the bias of one output channel: look at how many output channels there are.
zh: 你只数了一个输出通道的权重和偏置：看看一共有多少个输出通道。
fails: test_conv2d
"""


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * kernel_size**2 + 1
