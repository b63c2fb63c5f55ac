"""last_state_with_layer_axis

en: The last state has an axis of length 1 in front: nn.RNN has one for its layers, a single cell has none.
zh: 最后的状态前面多了一个长度为 1 的轴：nn.RNN 有层的轴，单个单元没有。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden.unsqueeze(0)
