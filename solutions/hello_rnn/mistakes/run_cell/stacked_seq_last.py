"""stacked_seq_last

en: outputs is (batch, hidden, seq): the steps stand on the last axis, and time comes first here.
zh: outputs 是 (batch, hidden, seq)：时间步在最后一轴，而这里时间应该在最前。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs, dim=-1), hidden
