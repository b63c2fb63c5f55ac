"""cell_applied_twice

en: Each row of outputs is one application of the cell further than the state that is passed on: call the cell once a step.
zh: outputs 的每一行都比传给下一步的状态多经过一次单元：每一步只应调用一次单元。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(cell(x, hidden))
    return torch.stack(outputs), hidden
