"""initial_state_returned

en: The second result is still the initial state: look at which variable your loop moves on.
zh: 第二个结果还是初始状态：看看你的循环更新的是哪个变量。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    state = hidden
    for x in inputs:
        state = cell(x, state)
        outputs.append(state)
    return torch.stack(outputs), hidden
