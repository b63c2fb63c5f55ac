"""out_concatenated

en: The steps have no axis of their own, out is (seq*batch, hidden): look at cat and stack.
zh: 时间步没有自己的轴，out 是 (seq*batch, hidden)：看看 cat 和 stack 的区别。
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
    return sequence.flatten(0, 1), torch.stack(last_states)
