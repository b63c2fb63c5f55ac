"""conv_kernel_doubled

en: You took twice kernel_size for the size of a kernel: look at how many places a square with this side has.
zh: 你把卷积核的大小算成了 kernel_size 的两倍：看看这个边长的正方形有多少个位置。
fails: test_conv2d
"""


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return out_channels * in_channels * kernel_size * 2 + out_channels
