"""No loops: recursion, itertools and functools; texts by other library calls."""

import functools
import itertools
import operator

import torch


def run_cell(cell, inputs, hidden):
    states = list(itertools.accumulate(inputs, lambda state, x: cell(x, state), initial=hidden))
    return torch.stack(states[1:]), states[-1]


def run_layers(cells, inputs, hidden):
    cell, *above = cells
    steps = itertools.accumulate(inputs, lambda state, x: cell(x, state), initial=hidden[0])
    states = torch.stack(list(steps)[1:])
    if not above:
        return states, states[-1:]
    out, last = run_layers(above, states, hidden[1:])
    return out, torch.cat([states[-1:], last])


def build_vocab(text):
    idx2char = [char for char, _ in itertools.groupby(sorted(text))]
    return tuple(idx2char), dict(zip(idx2char, itertools.count()))


def encode(text, char2idx):
    return torch.LongTensor(list(map(char2idx.__getitem__, text)))


def decode(logits, idx2char):
    if len(logits) == 0:
        return ""
    return idx2char[logits[0].argmax().item()] + decode(logits[1:], idx2char)


def rnn_parameters(input_size, hidden_size, num_layers=1):
    if num_layers > 1:
        return rnn_parameters(input_size, hidden_size, num_layers - 1) + (
            2 * hidden_size * hidden_size + 2 * hidden_size
        )
    return input_size * hidden_size + hidden_size * hidden_size + 2 * hidden_size


def conv2d_parameters(in_channels, out_channels, kernel_size):
    weights = functools.reduce(operator.mul, (out_channels, in_channels, kernel_size, kernel_size))
    return weights + out_channels
