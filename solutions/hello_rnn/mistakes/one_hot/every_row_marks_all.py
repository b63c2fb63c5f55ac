"""every_row_marks_all

en: Every row has the ones of all the indices: look at which rows an assignment reaches, and whether all rows are one object.
zh: 每一行都有所有下标的 1：看看一次赋值改到了哪些行，以及各行是不是同一个对象。
fails: test_values
"""

import torch


def one_hot(indices, num_classes):
    rows = torch.zeros(len(indices), num_classes)
    rows[:, indices] = 1
    return rows
