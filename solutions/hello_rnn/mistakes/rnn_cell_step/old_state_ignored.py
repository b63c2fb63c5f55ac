"""old_state_ignored

en: The old hidden state does not matter to your result: half of the formula is missing.
zh: 旧的隐藏状态对你的结果毫无影响：公式缺了一半。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_ih)
