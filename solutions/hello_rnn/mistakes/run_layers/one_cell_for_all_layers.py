"""one_cell_for_all_layers

en: All layers use the first cell: each layer has a cell with weights of its own.
zh: 所有层都用了第一个单元：每一层都有自己的单元和权重。
fails: test_shape
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    last_states = []
    for cell, state in zip([cells[0]] * len(cells), hidden):
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
