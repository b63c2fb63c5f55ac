"""initial_states_detached

en: The values are right, but the initial states get no gradient: look for what cuts `hidden` off before the loop.
zh: 值是对的，但初始状态得不到梯度：找找循环之前是什么切断了 hidden。
fails: test_gradients
"""

import torch


def run_layers(cells, inputs, hidden):
    hidden = hidden.detach()
    sequence = inputs
    last_states = []
    for cell, state in zip(cells, hidden):
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
