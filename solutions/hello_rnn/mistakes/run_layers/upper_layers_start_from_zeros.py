"""upper_layers_start_from_zeros

en: Only the bottom layer starts from what you are given, the layers above start from zeros: each has its own row of `hidden`.
zh: 只有最底层从给定的状态开始，上面的层都从零开始：每一层在 hidden 中都有自己的一行。
fails: test_values
"""

import torch


def run_layers(cells, inputs, hidden):

    sequence = inputs
    state = hidden[0]
    last_states = []
    for cell in cells:
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
        state = torch.zeros_like(state)
    return sequence, torch.stack(last_states)
