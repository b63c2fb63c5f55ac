"""conv_one_input_channel

en: You counted kernels that look at one input channel: each output channel looks at all the input channels.
zh: 你数的卷积核只看一个输入通道：每个输出通道要看所有的输入通道。
fails: test_conv2d
"""


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return out_channels * kernel_size**2 + out_channels
