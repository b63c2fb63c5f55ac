"""batch_axis_dropped

en: For a batch of 1 the batch axis disappears: the result is (batch, hidden) for every batch.
zh: batch 为 1 时批次轴消失了：无论 batch 多大，结果都应是 (batch, hidden)。
fails: test_shape
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh).squeeze(0)
