"""hidden_axis_first

en: Your result is (hidden, batch): look at which axis comes first in x and h.
zh: 你的结果是 (hidden, batch)：看看 x 和 h 里哪个轴在前。
fails: test_shape
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(w_ih @ x.T + b_ih[:, None] + w_hh @ h.T + b_hh[:, None])
