"""out_of_every_layer

en: out has an axis for the layers: it should show the top layer only.
zh: out 有一个层的轴：它应该只显示最上层。
fails: test_shape
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    every, last_states = [], []
    for cell, state in zip(cells, hidden):
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        every.append(sequence)
        last_states.append(state)
    return torch.stack(every), torch.stack(last_states)
