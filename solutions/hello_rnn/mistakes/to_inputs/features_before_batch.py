"""features_before_batch

en: Your result is (seq, input, batch): the features of a row are its last axis.
zh: 你的结果是 (seq, input, batch)：一行的特征应在最后一轴。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(-1, one_hot.shape[1], batch_size)
