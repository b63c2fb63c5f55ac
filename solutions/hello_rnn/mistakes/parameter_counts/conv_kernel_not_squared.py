"""conv_kernel_not_squared

en: You used kernel_size once: the kernel is a square, so think how many numbers kernel_size rows of kernel_size have.
zh: kernel_size 你只用了一次：卷积核是正方形，想想 kernel_size 行、每行 kernel_size 个数一共有多少个。
fails: test_conv2d
"""


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return out_channels * in_channels * kernel_size + out_channels
