"""batch_axis_dropped

en: For a batch of 1 the batch axis disappears from both results: they keep it for every batch.
zh: batch 为 1 时，两个结果的批次轴都消失了：无论 batch 多大都应保留。
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
    return sequence.squeeze(1), torch.stack(last_states).squeeze(1)
