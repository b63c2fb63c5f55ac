"""hidden_without_layers

en: Your hidden has no axis for the layers: nn.RNN keeps one even for a single layer.
zh: 你的 hidden 没有层的轴：即使只有一层，nn.RNN 也保留它。
fails: test_hidden
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (batch_size, hidden_size)
