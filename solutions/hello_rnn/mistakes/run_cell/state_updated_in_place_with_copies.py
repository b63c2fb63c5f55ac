"""state_updated_in_place_with_copies

en: The values are right, but each step writes into the caller's hidden state: it is not yours to change.
zh: 值是对的，但每一步都写进了调用者的 hidden：那不是你可以改动的。
fails: test_gradients
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden[:] = cell(x, hidden)
        outputs.append(hidden.clone())
    return torch.stack(outputs), hidden
