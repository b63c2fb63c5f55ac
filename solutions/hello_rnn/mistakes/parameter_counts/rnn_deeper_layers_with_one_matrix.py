"""rnn_deeper_layers_with_one_matrix

en: You counted one matrix for each layer above the first: such a layer reads the layer below and its own old state.
zh: 第一层以上的每一层你只数了一个矩阵：这样的层既读下面一层，也读自己的旧状态。
fails: test_rnn
"""


def rnn_parameters(input_size, hidden_size, num_layers=1):
    first = hidden_size * (input_size + hidden_size + 2)
    deeper = hidden_size * (hidden_size + 2)
    return first + (num_layers - 1) * deeper
