"""states_from_top_to_bottom

en: The layers axis of the second result runs from the top down: the bottom layer comes first.
zh: 第二个结果的层轴是从上往下排的：最底层应该在前。
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
        sequence = torch.stack(states)
        last_states.insert(0, state)
    return sequence, torch.stack(last_states)
