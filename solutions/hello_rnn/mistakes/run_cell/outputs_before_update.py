"""outputs_before_update

en: outputs[0] is the initial state: you keep each state before the step, not after it.
zh: outputs[0] 是初始状态：你保存的是每一步之前的状态，而不是之后的。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        outputs.append(hidden)
        hidden = cell(x, hidden)
    return torch.stack(outputs), hidden
