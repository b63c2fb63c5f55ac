"""cut_batch_first

en: You cut the rows into (batch, seq, input): time comes first here, in the rows as in the result.
zh: 你把行切成了 (batch, seq, input)：这里时间在最前，行和结果都是如此。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(batch_size, -1, one_hot.shape[1])
