"""rnn_without_recurrent_weights

en: You left out the matrix from the old hidden state to the new one: a recurrent layer has two matrices.
zh: 你漏掉了从旧隐藏状态到新隐藏状态的矩阵：一个循环层有两个矩阵。
fails: test_rnn
"""


def rnn_parameters(input_size, hidden_size, num_layers=1):
    first = hidden_size * (input_size + 2)
    deeper = hidden_size * (hidden_size + 2)
    return first + (num_layers - 1) * deeper
