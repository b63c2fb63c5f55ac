"""labels_always_exchanged

en: You swap the axes of the labels in both layouts: with batch_first=False time comes first already.
zh: 两种布局下你都交换了标签的轴：batch_first=False 时时间本来就在最前。
fails: test_labels
"""


def flatten_labels(labels, batch_first=False):
    return labels.T.flatten()
