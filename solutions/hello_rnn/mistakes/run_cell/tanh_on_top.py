"""tanh_on_top

en: Your states went through one tanh more than the cell has: the cell's result is the state as it is.
zh: 你的状态比单元多经过了一次 tanh：单元的结果本身就是状态。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = torch.tanh(cell(x, hidden))
        outputs.append(hidden)
    return torch.stack(outputs), hidden
