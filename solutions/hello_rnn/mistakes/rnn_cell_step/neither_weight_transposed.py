"""neither_weight_transposed

en: You multiplied by both matrices as they are: write the shapes (batch, …) @ (…, …) down, and see which axes meet.
zh: 两个矩阵你都直接相乘：写下 (batch, …) @ (…, …) 的形状，看看是哪些轴相接。
fails: test_shape
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih + b_ih + h @ w_hh + b_hh)
