"""weights_detached

en: The values are right, but weights and biases get no gradient: the parameters themselves must take part, not copies of their numbers.
zh: 值是对的，但权重和偏置得不到梯度：参与计算的必须是参数本身，而不是它们数值的副本。
fails: test_gradients
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.data.T + b_ih.data + h @ w_hh.data.T + b_hh.data)
