"""hidden_without_batch

en: Your hidden has no axis for the batch: every sample has states of its own.
zh: 你的 hidden 没有 batch 的轴：每个样本都有自己的状态。
fails: test_hidden
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, hidden_size)
