"""weights_exchanged

en: You gave x the matrix of the state and h the matrix of the input: read w_ih as input to hidden, and w_hh as hidden to hidden.
zh: 你让 x 用了状态的矩阵，让 h 用了输入的矩阵：w_ih 读作 input 到 hidden，w_hh 读作 hidden 到 hidden。
fails: test_shape
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_hh.T + b_hh + h @ w_ih.T + b_ih)
