"""reads_previous_step_below

en: Upper layers read what the layer below knew one step earlier: they should read what it has just computed.
zh: 上面的层读的是下面一层前一步的状态：应该读它刚刚算出的状态。
fails: test_values
"""

import torch


def run_layers(cells, inputs, hidden):
    state = list(hidden)
    out = []
    for x in inputs:
        below = [x, *state]
        state = [cell(below[k], state[k]) for k, cell in enumerate(cells)]
        out.append(state[-1])
    return torch.stack(out), torch.stack(state)
