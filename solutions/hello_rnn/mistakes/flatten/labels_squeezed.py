"""labels_squeezed

en: The batch axis of the labels disappears for a batch of 1, and stays for all others: seq and batch have to become one axis.
zh: batch 为 1 时标签的批次轴消失，其他情况下却还在：seq 和 batch 应该合成一个轴。
fails: test_labels
"""


def flatten_labels(labels, batch_first=False):
    return labels.squeeze(0 if batch_first else 1)
