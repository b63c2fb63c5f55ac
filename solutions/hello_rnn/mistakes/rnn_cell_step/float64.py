"""float64

en: Your result is float64: look for what turns float32 into double precision.
zh: 你的结果是 float64：找找是什么把 float32 变成了双精度。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh((x @ w_ih.T + b_ih + h @ w_hh.T + b_hh).double())
