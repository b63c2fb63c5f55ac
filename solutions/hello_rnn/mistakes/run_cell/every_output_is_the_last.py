"""every_output_is_the_last

en: All rows of outputs are the last state: look at which row each step writes to, and whether they are all one tensor.
zh: outputs 的每一行都是最后的状态：看看每一步写到哪一行，以及它们是不是同一个张量。
fails: test_values
"""

import torch


def run_cell(cell, inputs, hidden):
    outputs = torch.zeros(len(inputs), *hidden.shape)
    for x in inputs:
        hidden = cell(x, hidden)
        outputs[:] = hidden
    return outputs, hidden
