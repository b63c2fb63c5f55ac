"""both_weights_reshaped

en: Both matrices fit by shape, but their axes are not swapped: look at what view or reshape does to a 2 by 3 matrix.
zh: 两个矩阵的形状都对上了，但轴没有交换：看看 view 或 reshape 对 2 乘 3 的矩阵做了什么。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(
        x @ w_ih.reshape(w_ih.shape[1], -1) + b_ih + h @ w_hh.reshape(w_hh.shape) + b_hh
    )
