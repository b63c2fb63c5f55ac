"""last_but_one_returned

en: The second result is one step behind: it should equal outputs[-1].
zh: 第二个结果落后一步：它应该等于 outputs[-1]。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        before = hidden
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), before
