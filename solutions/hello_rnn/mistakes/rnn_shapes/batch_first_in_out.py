"""batch_first_in_out

en: You put the batch first in out, as batch_first=True would: the options here are the defaults.
zh: 你在 out 里把 batch 放在最前，这是 batch_first=True 的样子：这里用的是默认选项。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (batch_size, seq_len, hidden_size), (num_layers, batch_size, hidden_size)
