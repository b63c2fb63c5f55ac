"""out_only

en: You return out alone: the last states of all layers are asked for as well.
zh: 你只返回了 out：题目还要求所有层的最后状态。
fails: test_shape
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    for cell, state in zip(cells, hidden):
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
    return sequence
