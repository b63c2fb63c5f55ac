"""out_as_list

en: You return out as a list of tensors: it should be one tensor, with the steps on axis 0.
zh: 你把 out 作为张量的列表返回：应该是一个张量，时间步在第 0 轴。
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
        sequence = states
        last_states.append(state)
    return sequence, torch.stack(last_states)
