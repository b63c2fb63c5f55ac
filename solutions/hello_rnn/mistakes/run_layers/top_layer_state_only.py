"""top_layer_state_only

en: The second result holds the top layer's last state alone: every layer's is asked for.
zh: 第二个结果只有最上层的最后状态：题目要求每一层的。
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
    return sequence, state
