"""sigmoid

en: Your values lie between 0 and 1: look at which function squeezes the sum.
zh: 你的值都在 0 和 1 之间：看看是哪个函数在压缩这个和。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.sigmoid(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
