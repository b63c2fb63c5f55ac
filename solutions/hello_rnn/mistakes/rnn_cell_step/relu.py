"""relu

en: Your negative values have become 0: look at which function squeezes the sum.
zh: 你的负值都变成了 0：看看是哪个函数在压缩这个和。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.relu(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
