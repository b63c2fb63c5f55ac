"""tanh_of_each_part

en: You took the tanh of each half and added afterwards: your values can leave (-1, 1), so look at the order of adding and squeezing.
zh: 你先对两部分分别取 tanh 再相加：结果会超出 (-1, 1)，看看相加和压缩的先后顺序。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_ih) + torch.tanh(h @ w_hh.T + b_hh)
