"""weights_transposed_in_place

en: The result is right, but the caller's matrices are transposed now: a method that ends in _ changes its tensor in place.
zh: 结果是对的，但调用者的两个矩阵被转置了：以 _ 结尾的方法会原地改动张量。
fails: ?
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):

    return torch.tanh(x @ w_ih.t_() + b_ih + h @ w_hh.t_() + b_hh)
