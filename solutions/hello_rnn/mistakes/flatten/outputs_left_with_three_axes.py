"""outputs_left_with_three_axes

en: The result still has three axes: seq and batch have to become one.
zh: 结果仍有三个轴：seq 和 batch 应该合成一个。
fails: test_outputs_shape
"""


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
    return out
