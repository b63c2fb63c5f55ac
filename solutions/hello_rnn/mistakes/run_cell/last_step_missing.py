"""last_step_missing

en: You stop one step early: count how often the cell is called.
zh: 你少走了最后一步：数一数单元被调用了多少次。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs[:-1]:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden
