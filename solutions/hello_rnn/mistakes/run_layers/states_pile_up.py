"""states_pile_up

en: The states of the lower layers are still among those of the upper ones, so the seq axis grows: look at where your list begins.
zh: 下面各层的状态还混在上面各层的状态里，seq 轴越来越长：看看你的列表是在哪里建立的。
fails: test_shape
"""

import torch


def run_layers(cells, inputs, hidden):

    sequence = inputs
    states, last_states = [], []
    for cell, state in zip(cells, hidden):
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
