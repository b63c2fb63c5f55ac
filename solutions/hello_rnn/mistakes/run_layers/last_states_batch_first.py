"""last_states_batch_first

en: The second result is (batch, layers, hidden): the layers stand on axis 1 and belong on axis 0.
zh: 第二个结果是 (batch, layers, hidden)：层在第 1 轴，应该在第 0 轴。
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
    return sequence, torch.stack(last_states, dim=1)
