"""outputs_four_wide

en: Your rows always have four numbers: the last axis of out says how many.
zh: 你的行总是四个数：长度应由 out 的最后一轴决定。
fails: test_outputs_shape
"""


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
    return out.reshape(-1, 4)
