"""no_biases

en: Neither bias is in your result: with x and h all zeros it is zero, and should not be.
zh: 你的结果里两个偏置都没有：x 和 h 全为零时它也为零，而本不该如此。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + h @ w_hh.T)
