"""labels_sample_by_sample

en: In both layouts your labels come sample by sample: they should line up with time-major outputs.
zh: 两种布局下你的标签都是按样本排的：它们应该与时间优先的输出对齐。
fails: test_labels
"""


def flatten_labels(labels, batch_first=False):
    if not batch_first:
        labels = labels.T
    return labels.flatten()
