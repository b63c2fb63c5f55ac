"""labels_float

en: Your labels are floats: class indices stay int64.
zh: 你的标签是浮点数：类别下标应保持 int64。
fails: test_labels
"""


def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.transpose(0, 1)
    return labels.flatten().float()
