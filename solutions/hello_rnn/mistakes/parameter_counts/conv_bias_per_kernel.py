"""conv_bias_per_kernel

en: You counted a bias for every pair of an input and an output channel: the bias is added after the input channels are summed.
zh: 你给每一对输入、输出通道都数了一个偏置：偏置是在对输入通道求和之后才加的。
fails: test_conv2d
"""


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return out_channels * in_channels * (kernel_size**2 + 1)
