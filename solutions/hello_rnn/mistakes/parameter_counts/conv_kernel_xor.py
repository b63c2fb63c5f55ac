"""conv_kernel_xor

en: You wrote ^ for the square of kernel_size: in Python ^ is the bitwise xor, so try 3 ^ 2 by itself.
zh: 你用 ^ 来求 kernel_size 的平方：在 Python 里 ^ 是按位异或，单独算一下 3 ^ 2 看看。
fails: test_conv2d
"""


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return out_channels * in_channels * (kernel_size ^ 2) + out_channels
