"""reads_only_last_state_below

en: At every step the upper layers read the last state of the layer below: they should read its state of the same step.
zh: 上面的层在每一步读的都是下面一层最后的状态：应该读它同一步的状态。
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
        sequence = [state] * len(inputs)
        last_states.append(state)
    return torch.stack(states), torch.stack(last_states)
