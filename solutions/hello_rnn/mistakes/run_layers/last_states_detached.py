"""last_states_detached

en: The values are right, but no gradient comes back from the second result: it is cut off from the steps.
zh: 值是对的，但梯度传不回第二个结果：它和各步断开了。
fails: test_gradients
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
        last_states.append(state.detach())
    return sequence, torch.stack(last_states)
