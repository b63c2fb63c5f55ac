"""out_of_bottom_layer

en: out shows the states of the bottom layer: look at which layer stands at the upper edge of the grid.
zh: out 显示的是最底层的状态：看看网格上边缘是哪一层。
fails: test_values
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
    return every[0], torch.stack(last_states)
