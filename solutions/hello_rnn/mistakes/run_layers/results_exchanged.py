"""results_exchanged

en: The two results stand in the wrong order: out comes first.
zh: 两个结果的顺序反了：out 应该在前。
fails: test_shape
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    last_states = []
    for cell, state in zip(cells, hidden):
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return torch.stack(last_states), sequence
