"""initial_state_replaced_by_zeros

en: You start from zeros and the state that you are given does not matter: look at where `hidden` is first used.
zh: 你从零开始，给你的状态没有起作用：看看 hidden 第一次用在哪里。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    hidden = torch.zeros_like(hidden)
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden
