"""hidden_like_out

en: You gave hidden the shape of out: one has all steps, the other all layers.
zh: 你让 hidden 和 out 形状相同：一个包含所有时间步，另一个包含所有层。
fails: test_hidden
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (seq_len, batch_size, hidden_size)
