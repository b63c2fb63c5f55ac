"""last_states_concatenated

en: The layers have no axis of their own in the second result, it is (layers*batch, hidden): look at cat and stack.
zh: 第二个结果里层没有自己的轴，形状是 (layers*batch, hidden)：看看 cat 和 stack 的区别。
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
    return sequence, torch.cat(last_states)
