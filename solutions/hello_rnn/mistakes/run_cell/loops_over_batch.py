"""loops_over_batch

en: You walk along axis 1, the samples, as if they were the steps: time is axis 0.
zh: 你沿着第 1 轴（样本）走，把它当成了时间步：时间是第 0 轴。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs.transpose(0, 1):
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden
