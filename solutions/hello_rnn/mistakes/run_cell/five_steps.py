"""five_steps

en: You walk over exactly five steps: other sequences are shorter or longer than "hello".
zh: 你总是走五步：别的序列可能比 "hello" 短，也可能更长。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for t in range(5):
        hidden = cell(inputs[t], hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden
