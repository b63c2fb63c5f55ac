"""hidden_of_one_layer

en: Your hidden is that of one layer, whatever num_layers says: each layer leaves a last state.
zh: 不管 num_layers 是多少，你的 hidden 都只有一层：每一层都会留下最后的状态。
fails: test_hidden
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (1, batch_size, hidden_size)
