"""steps_concatenated

en: The steps have no axis of their own, outputs is (seq*batch, hidden): look at the difference between cat and stack.
zh: 时间步没有自己的轴，outputs 是 (seq*batch, hidden)：看看 cat 和 stack 的区别。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.cat(outputs), hidden
