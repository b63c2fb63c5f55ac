"""last_state_detached

en: The values are right, but no gradient comes back from the last state: it is cut off as you return it.
zh: 值是对的，但梯度传不回最后的状态：你在返回它时切断了联系。
fails: test_gradients
"""

import torch


def run_cell(cell, inputs, hidden):

    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden.detach()
