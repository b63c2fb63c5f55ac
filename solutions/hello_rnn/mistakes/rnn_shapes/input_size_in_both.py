"""input_size_in_both

en: The last axis of both shapes has the length of the inputs: nn.RNN turns inputs into states of another size.
zh: 两个形状最后一轴的长度都是输入的大小：nn.RNN 把输入变成另一种大小的状态。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, input_size), (num_layers, batch_size, input_size)
