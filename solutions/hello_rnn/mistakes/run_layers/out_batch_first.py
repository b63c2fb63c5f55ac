"""out_batch_first

en: out is (batch, seq, hidden): the steps stand on axis 1, and time comes first here.
zh: out 是 (batch, seq, hidden)：时间步在第 1 轴，而这里时间应该在最前。
fails: test_shape
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    last_states = []
    for cell, state in zip(cells, hidden):
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence.transpose(0, 1), torch.stack(last_states)
