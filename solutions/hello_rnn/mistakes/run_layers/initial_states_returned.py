"""initial_states_returned

en: The second result is still what you were given: it should hold the states after the last step.
zh: 第二个结果还是给你的初始状态：它应该是最后一步之后的状态。
fails: test_values
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
    return sequence, hidden
