"""h_overwritten

en: You wrote the new state into the caller's h: return a new tensor, and leave the old one as it was.
zh: 你把新状态写进了调用者的 h：应该返回新的张量，旧的保持原样。
fails: test_gradients
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    h.copy_(torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh))
    return h
