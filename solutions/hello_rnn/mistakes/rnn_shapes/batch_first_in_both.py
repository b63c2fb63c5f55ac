"""batch_first_in_both

en: You put the batch first in both shapes: by default it is axis 1 of everything.
zh: 两个形状里你都把 batch 放在最前：默认情况下它在所有张量里都是第 1 轴。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (batch_size, seq_len, hidden_size), (batch_size, num_layers, hidden_size)
