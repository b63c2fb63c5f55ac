"""out_of_last_step

en: out is the top layer's last state alone: it should have the state after every step.
zh: out 只是最上层的最后状态：它应该包含每一步之后的状态。
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
    return sequence[-1], torch.stack(last_states)
