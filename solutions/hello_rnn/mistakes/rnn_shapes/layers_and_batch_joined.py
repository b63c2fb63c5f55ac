"""layers_and_batch_joined

en: You made one axis of layers and samples in hidden: nn.RNN keeps the two apart.
zh: 你在 hidden 里把层和样本合成了一个轴：nn.RNN 把两者分开。
fails: ?
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers * batch_size, hidden_size)
