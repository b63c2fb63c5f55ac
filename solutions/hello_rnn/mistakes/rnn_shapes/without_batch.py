"""without_batch

en: Neither of your shapes has an axis for the batch: each sample has outputs and states of its own.
zh: 你的两个形状都没有 batch 的轴：每个样本都有自己的输出和状态。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, hidden_size), (num_layers, hidden_size)
