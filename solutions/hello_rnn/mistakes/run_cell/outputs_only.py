"""outputs_only

en: You return the outputs alone: a second result is asked for.
zh: 你只返回了 outputs：题目要求还有第二个结果。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs)
