"""b_hh_twice

en: You added b_hh twice: look at the bias of the input part.
zh: 你把 b_hh 加了两次：看看输入部分的偏置。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_hh + h @ w_hh.T + b_hh)
