"""turned_into_float64

en: You turned the values into float64: they stay float32.
zh: 你把值变成了 float64：它们应保持 float32。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(-1, batch_size, one_hot.shape[1]).double()
