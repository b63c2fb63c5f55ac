"""tanh_between_layers

en: Each layer's states go through one tanh more before they are handed on: the layer above reads them as they are.
zh: 每一层的状态在交出之前又经过了一次 tanh：上面一层应该原样读取。
fails: test_values
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
        sequence = torch.tanh(torch.stack(states))
        last_states.append(state)
    return sequence, torch.stack(last_states)
