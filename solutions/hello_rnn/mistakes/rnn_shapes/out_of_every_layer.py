"""out_of_every_layer

en: Your out has an axis for the layers: it shows the top layer only.
zh: 你的 out 有层的轴：它只显示最上面一层。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (num_layers, seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)
