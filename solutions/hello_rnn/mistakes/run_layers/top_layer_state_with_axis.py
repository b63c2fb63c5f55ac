"""top_layer_state_with_axis

en: The layers axis of the second result has length 1, for the top layer: it should have a row for each layer.
zh: 第二个结果的层轴长度是 1，只有最上层：每一层都应有一行。
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
    return sequence, state.unsqueeze(0)
