"""batch_axis_dropped

en: For a batch of 1 the batch axis disappears from both results: they keep it for every batch.
zh: batch 为 1 时，两个结果的批次轴都消失了：无论 batch 多大都应保留。
fails: test_shape
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs).squeeze(1), hidden.squeeze(0)
