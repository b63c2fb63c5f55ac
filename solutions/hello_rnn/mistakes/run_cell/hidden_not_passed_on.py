"""hidden_not_passed_on

en: Every step starts from the initial state: look at which hidden state the second step reads.
zh: 每一步都从初始状态出发：看看第二步读的是哪个隐藏状态。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        outputs.append(cell(x, hidden))
    return torch.stack(outputs), outputs[-1]
