"""b_ih_twice

en: You added b_ih twice: look at the bias of the state part.
zh: 你把 b_ih 加了两次：看看状态部分的偏置。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_ih)
