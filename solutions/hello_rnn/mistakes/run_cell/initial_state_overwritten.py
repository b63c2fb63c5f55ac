"""initial_state_overwritten

en: The results are right, but the caller's hidden state is the last one now: look for a line that writes into it.
zh: 结果是对的，但调用者的 hidden 变成了最后的状态：找找是哪一行写进了它。
fails: test_gradients
"""

import torch


def run_cell(cell, inputs, hidden):
    start = hidden
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    start.data.copy_(hidden)
    return torch.stack(outputs), hidden
