"""state_detached

en: The values are right, but no gradient comes back to h: look for what cuts the old state off.
zh: 值是对的，但梯度传不回 h：找找是什么切断了旧状态。
fails: test_gradients
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    h = h.detach()
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
