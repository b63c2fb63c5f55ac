"""stacked_batch_first

en: outputs is (batch, seq, hidden): the steps stand on axis 1, and time comes first here.
zh: outputs 是 (batch, seq, hidden)：时间步在第 1 轴，而这里时间应该在最前。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs, dim=1), hidden
