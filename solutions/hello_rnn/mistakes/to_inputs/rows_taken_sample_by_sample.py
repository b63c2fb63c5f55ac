"""rows_taken_sample_by_sample

en: The shape is right, but you take the rows for sample-major: row 1 is the next sample here, not the next step.
zh: 形状是对的，但你把行当成按样本排列：这里第 1 行是下一个样本，而不是下一步。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(batch_size, -1, one_hot.shape[1]).transpose(0, 1)
