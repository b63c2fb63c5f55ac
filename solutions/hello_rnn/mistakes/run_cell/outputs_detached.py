"""outputs_detached

en: The values are right, but no gradient comes back from the outputs: they are cut off as you keep them.
zh: 值是对的，但梯度传不回 outputs：你在保存它们时切断了联系。
fails: test_gradients
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden.detach())
    return torch.stack(outputs), hidden
