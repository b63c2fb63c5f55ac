"""labels_one_hot_float

en: Your labels are one-hot vectors of floats: cross-entropy wants the int64 indices themselves.
zh: 你的标签是浮点的 one-hot 向量：交叉熵要的是 int64 下标本身。
fails: test_labels
"""

import torch.nn.functional as F


def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.transpose(0, 1)
    return F.one_hot(labels.flatten()).float()
