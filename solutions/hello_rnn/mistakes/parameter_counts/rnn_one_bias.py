"""rnn_one_bias

en: You counted one bias vector for each recurrent layer: PyTorch keeps one for each of the two matrices.
zh: 每个循环层你只数了一个偏置向量：PyTorch 给两个矩阵各存了一个。
fails: test_rnn
"""


def rnn_parameters(input_size, hidden_size, num_layers=1):
    first = hidden_size * (input_size + hidden_size + 1)
    deeper = hidden_size * (hidden_size + hidden_size + 1)
    return first + (num_layers - 1) * deeper
