"""hidden_with_input_size

en: The last axis of hidden has the length of the inputs: think of what a state is made of.
zh: hidden 最后一轴的长度是输入的大小：想想一个状态由什么组成。
fails: test_hidden
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, input_size)
