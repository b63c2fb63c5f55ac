"""results_exchanged

en: The two shapes stand in the wrong order: out comes first.
zh: 两个形状的顺序反了：out 应该在前。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (num_layers, batch_size, hidden_size), (seq_len, batch_size, hidden_size)
