"""all_layers_start_alike

en: All layers start from hidden[0]: layer k has an initial state of its own.
zh: 所有层都从 hidden[0] 开始：第 k 层有自己的初始状态。
fails: test_values
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    last_states = []
    for cell, state in zip(cells, [hidden[0]] * len(cells)):
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
