"""rnn_bias_per_input

en: You gave the first recurrent layer a bias of input_size numbers: look at the shape of bias_ih.
zh: 你给第一个循环层的一个偏置数了 input_size 个数：看看 bias_ih 的形状。
fails: test_rnn
"""


def rnn_parameters(input_size, hidden_size, num_layers=1):
    first = hidden_size * (input_size + hidden_size) + input_size + hidden_size
    deeper = hidden_size * (hidden_size + hidden_size + 2)
    return first + (num_layers - 1) * deeper
