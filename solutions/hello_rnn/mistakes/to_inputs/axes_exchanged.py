"""axes_exchanged

en: Every row arrives at [b, t] instead of [t, b]: axes 0 and 1 are exchanged.
zh: 每一行都到了 [b, t] 而不是 [t, b]：第 0 轴和第 1 轴反了。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(-1, batch_size, one_hot.shape[1]).transpose(0, 1)
