"""labels_left_with_two_axes

en: The labels still have two axes: seq and batch have to become one.
zh: 标签仍有两个轴：seq 和 batch 应该合成一个。
fails: test_labels
"""


def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.transpose(0, 1)
    return labels
