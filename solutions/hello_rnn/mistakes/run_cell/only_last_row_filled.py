"""only_last_row_filled

en: Only the last row of outputs is filled, the others are zeros: each step has to leave its state there.
zh: outputs 只有最后一行有值，其余都是零：每一步都要把自己的状态留在里面。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = torch.zeros(len(inputs), *hidden.shape)
    for x in inputs:
        hidden = cell(x, hidden)
    outputs[-1] = hidden
    return outputs, hidden
