"""rnn_first_layer_reads_hidden

en: You let the first recurrent layer read hidden_size numbers too: look at what stands below the first layer.
zh: 你让第一个循环层也读入 hidden_size 个数：看看第一层的下面是什么。
fails: test_rnn
"""


def rnn_parameters(input_size, hidden_size, num_layers=1):
    first = hidden_size * (hidden_size + hidden_size + 2)
    deeper = hidden_size * (hidden_size + hidden_size + 2)
    return first + (num_layers - 1) * deeper
