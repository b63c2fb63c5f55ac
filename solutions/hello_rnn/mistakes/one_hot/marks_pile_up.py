"""marks_pile_up

en: Each row still has the ones of the rows before it: every row begins with zeros.
zh: 每一行还留着前面各行的 1：每一行都应从零开始。
fails: test_values
"""

import torch


def one_hot(indices, num_classes):

    row = torch.zeros(num_classes)
    rows = []
    for index in indices:
        row[index] = 1
        rows.append(row.clone())
    return torch.stack(rows)
