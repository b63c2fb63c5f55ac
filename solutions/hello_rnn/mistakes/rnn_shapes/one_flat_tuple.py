"""one_flat_tuple

en: You return six numbers in one tuple: two tuples are wanted, one inside the other's neighbour.
zh: 你把六个数放在一个元组里返回：要的是一个元组，里面有两个元组。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size, num_layers, batch_size, hidden_size)
