"""batch_axis_dropped

en: For a batch of 1 the batch axis disappears: the result has three axes for every batch.
zh: batch 为 1 时批次轴消失了：无论 batch 多大，结果都有三个轴。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(-1, batch_size, one_hot.shape[1]).squeeze(1)
