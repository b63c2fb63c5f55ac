"""w_ih_not_transposed

en: You multiplied x by w_ih as it is: that fits only when input and hidden are equal; look at which axis of w_ih is the input.
zh: 你直接用 x 乘以 w_ih：只有 input 和 hidden 相等时才不报错；看看 w_ih 的哪个轴是 input。
fails: test_shape
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih + b_ih + h @ w_hh.T + b_hh)
