"""tanh_twice

en: Your values went through tanh twice: look for a second one.
zh: 你的值经过了两次 tanh：找找另一个在哪里。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh))
