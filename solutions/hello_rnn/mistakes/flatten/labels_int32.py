"""labels_int32

en: Your labels are int32: class indices stay int64.
zh: 你的标签是 int32：类别下标应保持 int64。
fails: test_labels
"""


def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.transpose(0, 1)
    return labels.flatten().int()
