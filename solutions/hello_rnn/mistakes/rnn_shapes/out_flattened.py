"""out_flattened

en: You made one axis of steps and samples in out: nn.RNN keeps the two apart.
zh: 你在 out 里把时间步和样本合成了一个轴：nn.RNN 把两者分开。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len * batch_size, hidden_size), (num_layers, batch_size, hidden_size)
