"""last_states_as_list

en: You return the last states as a list of tensors: they should be one tensor, with the layers on axis 0.
zh: 你把最后的状态作为张量的列表返回：应该是一个张量，层在第 0 轴。
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
    return sequence, last_states
