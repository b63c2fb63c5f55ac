"""two_layers_only

en: You run exactly two layers: there may be one, or more than two.
zh: 你总是运行两层：也可能只有一层，或者多于两层。
fails: test_shape
"""

import torch


def run_layers(cells, inputs, hidden):
    lower, upper = hidden[0], hidden[1]
    out = []
    for x in inputs:
        lower = cells[0](x, lower)
        upper = cells[1](lower, upper)
        out.append(upper)
    return torch.stack(out), torch.stack([lower, upper])
