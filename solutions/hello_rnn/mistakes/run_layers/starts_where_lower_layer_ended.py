"""starts_where_lower_layer_ended

en: Each layer starts from the last state of the layer below: a layer begins with its own row of `hidden`.
zh: 每一层都从下面一层的最后状态开始：每一层应从 hidden 中自己的那一行开始。
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
    return sequence, torch.stack(last_states)
