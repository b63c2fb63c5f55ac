"""list_of_steps

en: You return a sequence of tensors, one for each step: the result should be one tensor with three axes.
zh: 你返回了每步一个张量的序列：结果应该是一个三轴的张量。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return list(one_hot.split(batch_size))
