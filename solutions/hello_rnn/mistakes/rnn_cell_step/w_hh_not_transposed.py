"""w_hh_not_transposed

en: You multiplied h by w_hh as it is: the matrix is square, so no shape complains; look at which of its axes is the old state.
zh: 你直接用 h 乘以 w_hh：矩阵是方的，所以形状不会报错；看看它的哪个轴对应旧状态。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh + b_hh)
