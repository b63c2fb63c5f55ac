"""first_step_only

en: You stop after the first step: look at what stands inside your loop.
zh: 你在第一步之后就停下了：看看哪些语句写在了循环里面。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):

    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
        return torch.stack(outputs), hidden
