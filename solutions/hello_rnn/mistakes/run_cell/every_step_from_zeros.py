"""every_step_from_zeros

en: Every step starts from zeros, so nothing is remembered: look at what the cell is given besides x.
zh: 每一步都从零开始，什么也没有记住：看看除了 x 之外，你还给了单元什么。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x)
        outputs.append(hidden)
    return torch.stack(outputs), hidden
