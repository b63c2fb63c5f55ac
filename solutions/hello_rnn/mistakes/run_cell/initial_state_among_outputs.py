"""initial_state_among_outputs

en: There is one row too many on the seq axis, the initial state: outputs are the states after the steps.
zh: seq 轴上多了一行，就是初始状态：outputs 是各步之后的状态。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = [hidden]
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden
