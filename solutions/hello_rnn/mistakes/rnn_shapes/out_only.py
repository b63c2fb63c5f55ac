"""out_only

en: You return the shape of out alone: nn.RNN has a second result.
zh: 你只返回了 out 的形状：nn.RNN 还有第二个结果。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size)
