"""initial_states_reversed

en: You hand out the initial states from the top down: hidden[k] belongs to cells[k].
zh: 你从上往下分配初始状态：hidden[k] 属于 cells[k]。
fails: test_values
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    last_states = []
    for cell, state in zip(cells, hidden.flip(0)):
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
