"""rows_transposed_first

en: The shape is right, but the rows are torn apart: look at what one of your vectors is made of.
zh: 形状是对的，但行被拆散了：看看你的一个向量由什么组成。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return one_hot.T.reshape(-1, batch_size, one_hot.shape[1])
