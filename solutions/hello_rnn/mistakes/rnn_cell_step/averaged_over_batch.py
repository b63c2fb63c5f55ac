"""averaged_over_batch

en: You averaged over axis 0, the batch: every sample has a state of its own.
zh: 你在第 0 轴（batch）上取了平均：每个样本都有自己的状态。
fails: test_shape
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh).mean(0)
