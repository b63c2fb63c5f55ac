"""two_directions

en: Your shapes are those of a network that reads in both directions: by default there is one.
zh: 你的形状是双向网络的形状：默认只有一个方向。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, 2 * hidden_size), (2 * num_layers, batch_size, hidden_size)
