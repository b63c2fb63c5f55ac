"""labels_as_list

en: You return the labels as a list: they should be a tensor.
zh: 你把标签作为列表返回：应该是张量。
fails: test_labels
"""


def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.transpose(0, 1)
    return labels.flatten().tolist()
