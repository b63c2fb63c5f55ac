"""cells_from_top_to_bottom

en: The last cell reads the inputs: cells[0] is the bottom layer.
zh: 读 inputs 的是最后一个单元：cells[0] 才是最底层。
fails: test_shape
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    last_states = []
    for cell, state in zip(cells[::-1], hidden.flip(0)):
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.insert(0, state)
    return sequence, torch.stack(last_states)
