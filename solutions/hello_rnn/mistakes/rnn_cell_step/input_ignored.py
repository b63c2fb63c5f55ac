"""input_ignored

en: The input x does not matter to your result: half of the formula is missing.
zh: 输入 x 对你的结果毫无影响：公式缺了一半。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(h @ w_hh.T + b_hh)
