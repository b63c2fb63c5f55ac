"""w_ih_reshaped

en: You brought w_ih to the shape (input, hidden) by cutting its numbers anew, which does not swap its axes: try it on a 2 by 3 matrix.
zh: 你靠重新切分把 w_ih 变成 (input, hidden) 的形状，这并没有交换两个轴：用 2 乘 3 的矩阵试试。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.reshape(w_ih.shape[1], w_ih.shape[0]) + b_ih + h @ w_hh.T + b_hh)
