"""fails_with_gradients

en: The values are right, but your code fails as soon as gradients are wanted: something in it cannot be differentiated, such as a detour through NumPy or a change in place.
zh: 值是对的，但一旦需要梯度，你的代码就报错：里面有无法求导的东西，比如绕道 NumPy，或者原地修改。
fails: test_shape
"""

import torch


def run_layers(cells, inputs, hidden):

    sequence = inputs
    last_states = []
    for cell, state in zip(cells, hidden):
        states = torch.zeros(len(inputs), *state.shape).numpy()
        for t, x in enumerate(sequence):
            state = cell(x, state)
            states[t] = state
        sequence = torch.from_numpy(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
