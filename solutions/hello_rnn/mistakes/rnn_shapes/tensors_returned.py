"""tensors_returned

en: You return tensors: only their shapes are asked for, as tuples of ints.
zh: 你返回了张量：题目只要它们的形状，即由整数组成的元组。
fails: test_out
"""

import torch


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    out = torch.zeros(seq_len, batch_size, hidden_size)
    hidden = torch.zeros(num_layers, batch_size, hidden_size)
    return out, hidden
