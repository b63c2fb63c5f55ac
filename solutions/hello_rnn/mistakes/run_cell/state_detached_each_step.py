"""state_detached_each_step

en: The values are right, but gradients end at each step: nothing flows from a step to the ones before it.
zh: 值是对的，但梯度到每一步就断了：没有任何梯度能从一步传回它之前的步。
fails: test_gradients
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden.detach())
        outputs.append(hidden)
    return torch.stack(outputs), hidden
