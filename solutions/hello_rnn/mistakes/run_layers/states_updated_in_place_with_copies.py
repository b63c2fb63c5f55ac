"""states_updated_in_place_with_copies

en: The values are right, but each step writes into the caller's hidden states: they are not yours to change.
zh: 值是对的，但每一步都写进了调用者的 hidden：那不是你可以改动的。
fails: test_gradients
"""

import torch


def run_layers(cells, inputs, hidden):
    out = []
    for x in inputs:
        for k, cell in enumerate(cells):
            hidden[k] = cell(x, hidden[k])
            x = hidden[k].clone()
        out.append(x)
    return torch.stack(out), hidden.clone()
