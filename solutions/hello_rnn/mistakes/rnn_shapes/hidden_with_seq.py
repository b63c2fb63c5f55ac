"""hidden_with_seq

en: Your hidden has an axis for the steps and none for the batch: it is of one step, and of all samples.
zh: 你的 hidden 有时间步的轴，却没有 batch 的轴：它只属于一个时间步，但包含所有样本。
fails: test_hidden
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, seq_len, hidden_size)
