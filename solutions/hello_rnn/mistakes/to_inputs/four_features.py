"""four_features

en: Your vectors always have four numbers: the rows of one_hot say how long they are.
zh: 你的向量总是四个数：长度应由 one_hot 的行决定。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(-1, batch_size, 4)
