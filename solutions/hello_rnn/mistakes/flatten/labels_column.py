"""labels_column

en: Your labels are a column, (seq*batch, 1): cross-entropy wants a single axis.
zh: 你的标签是一列 (seq*batch, 1)：交叉熵只要一个轴。
fails: test_labels
"""


def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.transpose(0, 1)
    return labels.reshape(-1, 1)
