"""always_the_first_input

en: Every step reads inputs[0]: look at what changes from step to step in your loop.
zh: 每一步读的都是 inputs[0]：看看你的循环里每一步有什么在变化。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for _ in inputs:
        hidden = cell(inputs[0], hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden
