"""axis_of_one_in_outputs

en: outputs is (seq, 1, batch, hidden): there is an axis of length 1 after the steps; look at the shape of what you stack.
zh: outputs 是 (seq, 1, batch, hidden)：时间步之后多了一个长度为 1 的轴；看看你堆叠的张量的形状。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):

    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden.unsqueeze(0))
    return torch.stack(outputs), hidden
