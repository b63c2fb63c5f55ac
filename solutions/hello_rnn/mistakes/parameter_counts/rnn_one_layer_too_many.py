"""rnn_one_layer_too_many

en: You counted one recurrent layer too many: the first layer is one of the num_layers.
zh: 你多数了一个循环层：第一层也包括在 num_layers 之内。
fails: test_rnn
"""


def rnn_parameters(input_size, hidden_size, num_layers=1):
    return hidden_size * (input_size + hidden_size + 2) + num_layers * hidden_size * (
        hidden_size + hidden_size + 2
    )
