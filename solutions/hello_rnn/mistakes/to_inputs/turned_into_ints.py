"""turned_into_ints

en: You turned the values into int64: they stay float32, and unchanged.
zh: 你把值变成了 int64：它们应保持 float32，并且不变。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(-1, batch_size, one_hot.shape[1]).long()
