"""rows_taken_for_steps

en: You took the number of rows for the number of steps: each step has batch_size rows.
zh: 你把行数当成了步数：每一步有 batch_size 行。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(len(one_hot), batch_size, -1)
