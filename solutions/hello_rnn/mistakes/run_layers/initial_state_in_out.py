"""initial_state_in_out

en: There is one row too many on the seq axis of out, the top layer's initial state: out begins after the first step.
zh: out 的 seq 轴上多了一行，就是最上层的初始状态：out 从第一步之后开始。
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
    return torch.cat([hidden[-1:], sequence]), torch.stack(last_states)
