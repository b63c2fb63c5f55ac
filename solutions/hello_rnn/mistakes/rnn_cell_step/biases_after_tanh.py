"""biases_after_tanh

en: You added the biases after the tanh: look at the brackets.
zh: 你在 tanh 之后才加偏置：看看括号的位置。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + h @ w_hh.T) + b_ih + b_hh
