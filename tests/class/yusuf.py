"""Models of my own making: the weights bear torch's names, the rest is different."""
import math

import torch
from torch import nn
from torch.nn import functional as F


class MyCell(nn.Module):
    def __init__(self, reads, width):
        super().__init__()
        bound = 1 / math.sqrt(width)
        for name, shape in (
            ("bias_hh", (width,)),
            ("bias_ih", (width,)),
            ("weight_hh", (width, width)),
            ("weight_ih", (width, reads)),
        ):
            self.register_parameter(name, nn.Parameter(torch.empty(shape).uniform_(-bound, bound)))

    def forward(self, x, h):
        return torch.tanh(
            F.linear(x, self.weight_ih, self.bias_ih) + F.linear(h, self.weight_hh, self.bias_hh)
        )


class CellModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.size = batch_size, hidden_size
        self.inside = nn.ModuleDict({"cells": nn.ModuleList([MyCell(input_size, hidden_size)])})

    @property
    def rnncell(self):
        return self.inside["cells"][0]

    def init_hidden(self):
        return torch.zeros(*self.size)

    def forward(self, input, hidden):
        return self.rnncell(input, hidden)


class Descent(torch.optim.Adam):
    """One step of learning at a time."""

    def learn(self, loss):
        self.zero_grad()
        loss.backward()
        self.step()
        return loss.item()


def train_cell_model(model, inputs, labels, lr, epochs):
    descent = Descent(model.parameters(), lr=lr)

    def loss():
        hidden = model.init_hidden()
        logits = []
        for x in inputs:
            hidden = model(x, hidden)
            logits.append(hidden)
        logits = torch.cat(logits)
        return F.cross_entropy(logits, labels.flatten(), reduction="sum") / labels.size(1)

    return [descent.learn(loss()) for _ in range(epochs)]


class RNNModel(nn.Module):
    """Layer by layer, each an nn.RNN of its own, called as nn.RNN calls its layers' weights."""

    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.num_layers = num_layers
        self.width = hidden_size
        layers = []
        for k in range(num_layers):
            cell = MyCell(hidden_size if k else input_size, hidden_size)
            layer = nn.Module()
            for name, weight in cell.named_parameters():
                layer.register_parameter(f"{name}_l{k}", weight)
            layers.append(layer)
        self.layers = nn.ModuleList(layers)

    def forward(self, inputs):
        for k, layer in enumerate(self.layers):
            w_ih, w_hh, b_ih, b_hh = (
                getattr(layer, f"{name}_l{k}")
                for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            )
            h = inputs.new_zeros(inputs.size(1), self.width)
            steps = []
            for x in inputs:
                h = torch.tanh(F.linear(x, w_ih, b_ih) + F.linear(h, w_hh, b_hh))
                steps.append(h)
            inputs = torch.stack(steps)
        return inputs.view(-1, self.width)


def train_rnn_model(model, inputs, labels, lr, epochs):
    descent = Descent(model.parameters(), lr=lr)
    chance = nn.LogSoftmax(dim=1)
    return [
        descent.learn(F.nll_loss(chance(model(inputs)), labels)) for _ in range(epochs)
    ]


def linear_parameters(in_features, out_features):
    return in_features * out_features + out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return sum(w.numel() for w in nn.Conv2d(in_channels, out_channels, kernel_size).parameters())


def rnn_parameters(input_size, hidden_size, num_layers=1):
    return sum(w.numel() for w in RNNModel(input_size, hidden_size, 1, num_layers).parameters())


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    cell = MyCell(x.size(1), h.size(1))
    weights = {"weight_ih": w_ih, "weight_hh": w_hh, "bias_ih": b_ih, "bias_hh": b_hh}
    return torch.func.functional_call(cell, weights, (x, h))


def run_cell(cell, inputs, hidden):
    outputs = torch.empty(len(inputs), *hidden.shape)
    for t in range(len(inputs)):
        hidden = outputs[t] = cell(inputs[t], hidden)
    return outputs, hidden


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return torch.Size([seq_len, batch_size, hidden_size]), [num_layers, batch_size, hidden_size]


def run_layers(cells, inputs, hidden):
    last = hidden.clone()
    outputs = inputs
    for k, cell in enumerate(cells):
        outputs, end = run_cell(cell, outputs, hidden[k])
        last[k] = end
    return outputs, last


def build_vocab(text):
    idx2char = sorted(set(text))
    return idx2char, {char: idx2char.index(char) for char in idx2char}


def encode(text, char2idx):
    return torch.tensor([char2idx[char] for char in text])


def one_hot(indices, num_classes):
    return F.embedding(indices, torch.eye(num_classes))


def to_inputs(one_hot, batch_size):
    return torch.stack([one_hot[b::batch_size] for b in range(batch_size)], dim=1)


def flatten_outputs(out, batch_first=False):
    return torch.stack(out.unbind(0), dim=1).flatten(0, 1) if batch_first else out.flatten(0, 1)


def flatten_labels(labels, batch_first=False):
    return torch.stack(labels.unbind(0), dim=1).flatten() if batch_first else labels.flatten()


def decode(logits, idx2char):
    return "".join(idx2char[row.tolist().index(row.max())] for row in logits)
