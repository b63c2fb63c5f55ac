"""state_detached_after_each_step

en: The values are right, but each state is cut off before it is passed on: no gradient flows from a step to the one before, nor from the last state.
zh: 值是对的，但每个状态在传给下一步之前都被切断了：梯度既不能从一步传回前一步，也不能从最后的状态传回。
fails: test_gradients
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
        hidden = hidden.detach()
    return torch.stack(outputs), hidden
