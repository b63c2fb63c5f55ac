"""reads_previous_input

en: Each step reads the input of the step before, and the first one reads the last: look at your index on axis 0.
zh: 每一步读的都是前一步的输入，第一步读了最后一个：看看第 0 轴上的下标。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for t in range(len(inputs)):
        hidden = cell(inputs[t - 1], hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden
