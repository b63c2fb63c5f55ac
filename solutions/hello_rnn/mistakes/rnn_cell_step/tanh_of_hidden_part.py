"""tanh_of_hidden_part

en: You squeeze the half of the old state only, and the half of the input goes in as it is: look at what tanh should cover.
zh: 你只压缩了旧状态那一半，输入那一半原样加了进去：看看 tanh 应该包住什么。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return x @ w_ih.T + b_ih + torch.tanh(h @ w_hh.T + b_hh)
