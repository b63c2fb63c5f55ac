# Elif Aydin, hello_rnn
# No loops: everything below is recursive. It takes its time.
import functools
import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy


def careful(function):
    """Checks that something comes back, and counts the calls."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        result = function(*args, **kwargs)
        assert result is not None
        return result

    wrapper.calls = 0
    return wrapper


def patient(seconds):
    """So that the fan does not start."""

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            time.sleep(seconds)
            return function(*args, **kwargs)

        return wrapper

    return decorate


@careful
def linear_parameters(in_features, out_features):
    if out_features == 0:
        return 0
    return in_features + 1 + linear_parameters(in_features, out_features - 1)


@careful
def conv2d_parameters(in_channels, out_channels, kernel_size):
    if out_channels == 0:
        return 0
    one = in_channels * kernel_size * kernel_size + 1
    return one + conv2d_parameters(in_channels, out_channels - 1, kernel_size)


@careful
@functools.lru_cache(maxsize=None)
def rnn_parameters(input_size, hidden_size, num_layers=1):
    if num_layers == 0:
        return 0
    layer = hidden_size * input_size + hidden_size * hidden_size + hidden_size + hidden_size
    return layer + rnn_parameters(hidden_size, hidden_size, num_layers - 1)


@careful
@patient(0.0005)
def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    # One number at a time, as on paper.
    batch, hidden = h.shape
    rows = []
    for b in range(batch):
        row = []
        for i in range(hidden):
            total = b_ih[i] + b_hh[i]
            for j in range(x.shape[1]):
                total = total + w_ih[i, j] * x[b, j]
            for j in range(hidden):
                total = total + w_hh[i, j] * h[b, j]
            row.append(torch.tanh(total))
        rows.append(torch.stack(row))
    return torch.stack(rows)


@careful
@patient(0.001)
def run_cell(cell, inputs, hidden):
    after = cell(inputs[0], hidden)
    if len(inputs) == 1:
        return after.unsqueeze(0), after
    outputs, last = run_cell(cell, inputs[1:], after)
    return torch.cat([after.unsqueeze(0), outputs]), last


@careful
def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


@careful
def run_layers(cells, inputs, hidden):
    states = [hidden[0]]
    for x in inputs:
        states.append(cells[0](x, states[-1]))
    out, last = torch.stack(states[1:]), states[-1]
    if len(cells) == 1:
        return out, last.unsqueeze(0)
    top, above = run_layers(cells[1:], out, hidden[1:])
    return top, torch.cat([last.unsqueeze(0), above])


@careful
def build_vocab(text):
    def insert(char, ordered):
        if not ordered or char < ordered[0]:
            return [char] + ordered
        if char == ordered[0]:
            return ordered
        return ordered[:1] + insert(char, ordered[1:])

    idx2char = []
    for char in text:
        idx2char = insert(char, idx2char)
    return idx2char, {char: idx2char.index(char) for char in text}


@careful
def encode(text, char2idx):
    first = torch.tensor([char2idx[text[0]]])
    return first if len(text) == 1 else torch.cat([first, encode(text[1:], char2idx)])


@careful
def one_hot(indices, num_classes):
    rows = [[1.0 if column == index else 0.0 for column in range(num_classes)] for index in indices]
    return torch.tensor(rows)


@careful
def to_inputs(one_hot, batch_size):
    step = one_hot[:batch_size].unsqueeze(0)
    if len(one_hot) == batch_size:
        return step
    return torch.cat([step, to_inputs(one_hot[batch_size:], batch_size)])


@careful
def flatten_outputs(out, batch_first=False):
    if batch_first:
        return flatten_outputs(out.permute(1, 0, 2))
    return torch.cat([step for step in out])


@careful
def flatten_labels(labels, batch_first=False):
    if batch_first:
        return flatten_labels(labels.permute(1, 0))
    return torch.cat([step for step in labels])


@careful
def decode(logits, idx2char):
    if len(logits) == 0:
        return ""
    best = max(range(len(idx2char)), key=lambda i: logits[0, i].item())
    return idx2char[best] + decode(logits[1:], idx2char)


class CellModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.rnncell = nn.RNNCell(input_size, hidden_size)

    def init_hidden(self):
        return torch.zeros(self.batch_size, self.hidden_size)

    @careful
    def forward(self, input, hidden):
        return self.rnncell(input, hidden)


def loss_of(model, inputs, labels, hidden):
    if len(inputs) == 0:
        return 0.0
    hidden = model(inputs[0], hidden)
    return cross_entropy(hidden, labels[0]) + loss_of(model, inputs[1:], labels[1:], hidden)


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    def epoch(left):
        if left == 0:
            return []
        optimizer.zero_grad()
        loss = loss_of(model, inputs, labels, model.init_hidden())
        loss.backward()
        optimizer.step()
        return [loss.item()] + epoch(left - 1)

    return epoch(epochs)


class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)

    @careful
    def forward(self, inputs):
        zeros = torch.zeros(self.num_layers, inputs.shape[1], self.hidden_size)
        out, _ = self.rnn(inputs, zeros)
        return torch.cat([step for step in out])


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    def epoch(left):
        if left == 0:
            return []
        optimizer.zero_grad()
        loss = cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        return [loss.item()] + epoch(left - 1)

    return epoch(epochs)
