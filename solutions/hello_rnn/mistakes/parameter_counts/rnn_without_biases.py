"""rnn_without_biases

en: You counted the two matrices of each recurrent layer and no biases: look at what else nn.RNN keeps for a layer.
zh: 每个循环层你只数了两个矩阵，没有数偏置：看看 nn.RNN 的每一层还存了什么。
fails: test_rnn
"""


def rnn_parameters(input_size, hidden_size, num_layers=1):
    first = hidden_size * (input_size + hidden_size)
    deeper = hidden_size * (hidden_size + hidden_size)
    return first + (num_layers - 1) * deeper
