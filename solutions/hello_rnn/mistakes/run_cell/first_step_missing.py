"""first_step_missing

en: You begin with the second step: the cell never sees inputs[0].
zh: 你从第二步开始：单元从来没有看到 inputs[0]。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs[1:]:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden
