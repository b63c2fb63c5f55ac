"""rnn_layers_ignored

en: You counted one recurrent layer whatever num_layers says: compare the result for one layer and for two.
zh: 不管 num_layers 是多少，你都只数了一层：比较一层和两层的结果。
fails: test_rnn
"""


def rnn_parameters(input_size, hidden_size, num_layers=1):
    return hidden_size * (input_size + hidden_size + 2)
