"""out_of_last_step

en: Your out has no axis for the steps: it holds the state after every step, not the last alone.
zh: 你的 out 没有时间步的轴：它包含每一步之后的状态，而不只是最后一步。
fails: test_out
"""


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (batch_size, hidden_size), (num_layers, batch_size, hidden_size)
