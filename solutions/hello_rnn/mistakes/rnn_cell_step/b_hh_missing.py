"""b_hh_missing

en: The bias of the state part is missing: there are two biases, so look for both.
zh: 状态部分的偏置漏掉了：偏置有两个，请检查是否都在。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T)
