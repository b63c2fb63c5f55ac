"""every_layer_reads_inputs

en: Every layer reads the inputs: from the second layer on, a layer reads the states of the one below.
zh: 每一层读的都是 inputs：从第二层起，读的应该是下面一层的状态。
fails: test_shape
"""

import torch


def run_layers(cells, inputs, hidden):
    sequence = inputs
    last_states = []
    for cell, state in zip(cells, hidden):
        states = []
        for x in inputs:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)
        last_states.append(state)
    return sequence, torch.stack(last_states)
