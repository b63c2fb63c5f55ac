"""b_ih_overwritten

en: The result is right, but you added one bias into the other in place: look at b_ih after the call.
zh: 结果是对的，但你把一个偏置原地加到了另一个上：看看调用之后的 b_ih。
fails: test_unchanged
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    b_ih += b_hh
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T)
