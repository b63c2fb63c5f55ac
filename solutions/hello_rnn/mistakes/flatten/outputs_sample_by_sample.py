"""outputs_sample_by_sample

en: In both layouts your rows come sample by sample: row 1 should be the first step of the second sample.
zh: 两种布局下你的行都是按样本排的：第 1 行应该是第二个样本的第一步。
fails: test_outputs
"""


def flatten_outputs(out, batch_first=False):
    if not batch_first:
        out = out.transpose(0, 1)
    return out.flatten(0, 1)
