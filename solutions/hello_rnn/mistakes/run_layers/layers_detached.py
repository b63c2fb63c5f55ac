"""layers_detached

en: The values are right, but no gradient passes from one layer down to the next: look at what you hand upwards.
zh: 值是对的，但梯度不能从一层传到下面一层：看看你往上传的是什么。
fails: test_gradients
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    last_states = []
    for cell, state in zip(cells, hidden):
        states = []
        for x in sequence.detach():
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
