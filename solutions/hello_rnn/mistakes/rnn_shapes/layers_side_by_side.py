"""layers_side_by_side

en: You put the states of all layers side by side in out: out shows the top layer only.
zh: 你把所有层的状态并排放进了 out：out 只显示最上面一层。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, num_layers * hidden_size), (num_layers, batch_size, hidden_size)
