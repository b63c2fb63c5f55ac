"""outputs_view_refused

en: After swapping axes, view refuses, since the numbers no longer stand in that order in memory: read what its message suggests.
zh: 交换轴之后 view 报错了，因为数在内存里不再按那个顺序排列：读读错误信息的建议。
fails: test_outputs_shape
"""


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
    return out.view(-1, out.shape[-1])
