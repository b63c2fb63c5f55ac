"""labels_view_refused

en: After swapping the axes of the labels, view refuses, since they no longer stand in that order in memory: read what its message suggests.
zh: 交换标签的轴之后 view 报错了，因为它们在内存里不再按那个顺序排列：读读错误信息的建议。
fails: test_labels
"""


def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.transpose(0, 1)
    return labels.view(-1)
