"""outputs_always_exchanged

en: You swap axes 0 and 1 in both layouts: with batch_first=False time comes first already.
zh: 两种布局下你都交换了第 0 轴和第 1 轴：batch_first=False 时时间本来就在最前。
fails: test_outputs
"""


def flatten_outputs(out, batch_first=False):
    return out.transpose(0, 1).flatten(0, 1)
