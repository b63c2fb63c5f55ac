"""hidden_not_passed_on

en: Every step of a layer starts from the layer's initial state: look at which state the second step reads.
zh: 一层的每一步都从该层的初始状态出发：看看第二步读的是哪个状态。
fails: test_values
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    last_states = []
    for cell, state in zip(cells, hidden):
        first = state
        states = []
        for x in sequence:
            state = cell(x, first)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
