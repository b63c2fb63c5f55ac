"""reads_backwards

en: You read the sequence from its end: look at which input goes in first.
zh: 你从序列的末尾开始读：看看最先读入的是哪个输入。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs.flip(0):
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden
