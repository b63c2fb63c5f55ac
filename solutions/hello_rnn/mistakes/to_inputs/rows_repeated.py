"""rows_repeated

en: Every row is repeated for all samples: the rows are already those of all samples, so deal them out.
zh: 每一行都为所有样本重复了一遍：这些行已经包含所有样本，只需把它们分配好。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return one_hot.unsqueeze(1).repeat(1, batch_size, 1)
