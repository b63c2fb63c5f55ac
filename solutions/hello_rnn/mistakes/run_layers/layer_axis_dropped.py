"""layer_axis_dropped

en: For a single layer the layers axis disappears from the second result: it is kept for any number of layers.
zh: 只有一层时，第二个结果的层轴消失了：无论有几层都应保留。
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
    return sequence, torch.stack(last_states).squeeze(0)
