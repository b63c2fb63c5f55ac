"""results_exchanged

en: The two results stand in the wrong order: all the outputs come first.
zh: 两个结果的顺序反了：全部的 outputs 应该在前。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return hidden, torch.stack(outputs)
