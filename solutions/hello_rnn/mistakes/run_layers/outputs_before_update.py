"""outputs_before_update

en: Each layer hands on its states from before the steps, the initial one first: look at what you keep at a step, and when.
zh: 每一层交出的都是各步之前的状态，最前面是初始状态：看看你在每一步保存了什么，在什么时候保存。
fails: test_values
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    last_states = []
    for cell, state in zip(cells, hidden):
        states = []
        for x in sequence:
            states.append(state)
            state = cell(x, state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
