"""out_with_input_size

en: The last axis of out has the length of the inputs: what comes out of the layer are hidden states.
zh: out 最后一轴的长度是输入的大小：从这一层出来的是隐藏状态。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, input_size), (num_layers, batch_size, hidden_size)
