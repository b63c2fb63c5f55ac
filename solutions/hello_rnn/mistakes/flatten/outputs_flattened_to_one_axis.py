"""outputs_flattened_to_one_axis

en: You made one axis of everything: the hidden numbers of a row stay together, on axis 1.
zh: 你把所有轴合成了一个：同一行的 hidden 个数应该留在一起，在第 1 轴。
fails: test_outputs_shape
"""


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
    return out.flatten()
