"""indices_reshaped_in_place

en: The result is right, but the caller's indices have got another shape: a method that ends in _ changes its tensor in place.
zh: 结果是对的，但调用者的 indices 变了形状：以 _ 结尾的方法会原地改动张量。
fails: test_unchanged
"""

import torch.nn.functional as F


def one_hot(indices, num_classes):
    rows = F.one_hot(indices, num_classes).float()
    indices.unsqueeze_(1)
    return rows
