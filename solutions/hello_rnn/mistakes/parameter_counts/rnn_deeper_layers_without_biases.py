"""rnn_deeper_layers_without_biases

en: You counted biases for the first recurrent layer only: the further layers have theirs as well.
zh: 你只给第一个循环层数了偏置：后面的层也有自己的偏置。
fails: test_rnn
"""


def rnn_parameters(input_size, hidden_size, num_layers=1):
    first = hidden_size * (input_size + hidden_size + 2)
    deeper = hidden_size * (hidden_size + hidden_size)
    return first + (num_layers - 1) * deeper
