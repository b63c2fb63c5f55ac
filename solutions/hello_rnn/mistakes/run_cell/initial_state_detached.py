"""initial_state_detached

en: The values are right, but the initial state gets no gradient: look for what cuts it off before the loop.
zh: 值是对的，但初始状态得不到梯度：找找循环之前是什么切断了它。
fails: test_gradients
"""

import torch


def run_cell(cell, inputs, hidden):
    hidden = hidden.detach()
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden
