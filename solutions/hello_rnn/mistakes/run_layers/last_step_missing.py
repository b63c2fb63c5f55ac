"""last_step_missing

en: You stop one step early: count how often each cell is called.
zh: 你少走了最后一步：数一数每个单元被调用了多少次。
fails: test_shape
"""

import torch


def run_layers(cells, inputs, hidden):
    inputs = inputs[:-1]
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
