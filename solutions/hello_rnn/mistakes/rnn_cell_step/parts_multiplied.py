"""parts_multiplied

en: You multiplied the two halves with each other: look at what joins them in the formula.
zh: 你把两部分相乘了：看看公式里是什么把它们连在一起。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh((x @ w_ih.T + b_ih) * (h @ w_hh.T + b_hh))
