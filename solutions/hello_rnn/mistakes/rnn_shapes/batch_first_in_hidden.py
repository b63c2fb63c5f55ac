"""batch_first_in_hidden

en: You put the batch first in hidden: look at which axis counts the layers.
zh: 你在 hidden 里把 batch 放在最前：看看哪个轴是层。
fails: test_hidden
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (batch_size, num_layers, hidden_size)
