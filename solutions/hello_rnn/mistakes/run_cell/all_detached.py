"""all_detached

en: The values are right, but both results are cut off from everything: no gradient can pass.
zh: 值是对的，但两个结果和一切都断开了：梯度无法通过。
fails: test_gradients
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    with torch.no_grad():
        for x in inputs:
            hidden = cell(x, hidden)
            outputs.append(hidden)
    return torch.stack(outputs), hidden
