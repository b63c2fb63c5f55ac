"""whole_rows_filled

en: Your indices pick rows, axis 0, and fill them: they should pick a column in each row.
zh: 你的下标选中的是行（第 0 轴）并把它们填满：应该在每一行里选一列。
fails: test_shape
"""

import torch


def one_hot(indices, num_classes):
    rows = torch.zeros(len(indices), num_classes)
    rows[indices] = 1
    return rows
