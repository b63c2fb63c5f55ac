"""reads_backwards

en: You read the sequence from its end: look at which input goes in first.
zh: 你从序列的末尾开始读：看看最先读入的是哪个输入。
fails: test_values
"""

import torch


def run_layers(cells, inputs, hidden):
    inputs = inputs.flip(0)
    sequence = inputs
    last_states = []
    for cell, state in zip(cells, hidden):
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
