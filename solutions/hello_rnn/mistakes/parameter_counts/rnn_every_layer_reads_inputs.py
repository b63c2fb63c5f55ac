"""rnn_every_layer_reads_inputs

en: You let every recurrent layer read input_size numbers: think of what the second layer reads.
zh: 你让每个循环层都读入 input_size 个数：想想第二层读的是什么。
fails: test_rnn
"""


def rnn_parameters(input_size, hidden_size, num_layers=1):
    first = hidden_size * (input_size + hidden_size + 2)
    deeper = hidden_size * (input_size + hidden_size + 2)
    return first + (num_layers - 1) * deeper
