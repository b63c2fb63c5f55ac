"""only_bottom_layer

en: Only the first cell runs, the layers above it are left out: look at what comes after the first layer.
zh: 只有第一个单元在运行，上面的层都被略去了：看看第一层之后还有什么。
fails: test_shape
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    last_states = []
    for cell, state in zip(cells[:1], hidden):
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
