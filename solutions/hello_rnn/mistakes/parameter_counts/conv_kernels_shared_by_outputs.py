"""conv_kernels_shared_by_outputs

en: You let all output channels share one kernel: kernels are shared by the places of the picture, and each output channel has its own.
zh: 你让所有输出通道共用一个卷积核：卷积核由图像的各个位置共享，而每个输出通道有自己的卷积核。
fails: test_conv2d
"""


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * kernel_size**2 + out_channels
