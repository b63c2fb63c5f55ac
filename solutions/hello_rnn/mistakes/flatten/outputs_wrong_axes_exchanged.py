"""outputs_wrong_axes_exchanged

en: With batch_first=True you swap axes 1 and 2, so features get mixed with steps: the batch is axis 0.
zh: batch_first=True 时你交换了第 1 轴和第 2 轴，特征和时间步混在了一起：batch 是第 0 轴。
fails: test_outputs
"""


def flatten_outputs(out, batch_first=False):
    hidden = out.shape[-1]
    if batch_first:
        out = out.transpose(1, 2)
    return out.reshape(-1, hidden)
