"""outputs_samples_side_by_side

en: You joined batch and hidden into one axis: the axes to be joined are seq and batch.
zh: 你把 batch 和 hidden 合成了一个轴：应该合并的是 seq 和 batch。
fails: test_outputs_shape
"""


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
    return out.flatten(1, 2)
