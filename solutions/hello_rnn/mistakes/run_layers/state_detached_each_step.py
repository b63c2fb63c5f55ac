"""state_detached_each_step

en: The values are right, but gradients end at each step: nothing flows from a step to the ones before it.
zh: 值是对的，但梯度到每一步就断了：没有任何梯度能从一步传回它之前的步。
fails: test_gradients
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    last_states = []
    for cell, state in zip(cells, hidden):
        states = []
        for x in sequence:
            state = cell(x, state.detach())
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
