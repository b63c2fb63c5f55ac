"""outputs_reversed

en: outputs has the last step first: the states are right, and the seq axis runs backwards.
zh: outputs 里最后一步排在最前：状态是对的，但 seq 轴是倒着的。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.insert(0, hidden)
    return torch.stack(outputs), hidden
