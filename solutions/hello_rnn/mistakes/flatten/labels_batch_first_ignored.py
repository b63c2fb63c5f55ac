"""labels_batch_first_ignored

en: Batch-first labels come sample by sample: reshape alone never swaps the axes batch and seq.
zh: batch_first 时，标签是按样本排的：reshape 本身不会交换 batch 和 seq 两个轴。
fails: test_labels
"""


def flatten_labels(labels, batch_first=False):
    return labels.reshape(-1)
