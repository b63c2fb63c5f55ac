"""Both models without nn.RNNCell and nn.RNN: parameters with torch's names, and the formula."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class CellModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.shape = batch_size, hidden_size
        bound = 1 / math.sqrt(hidden_size)
        self.weight_ih = nn.Parameter(torch.empty(hidden_size, input_size).uniform_(-bound, bound))
        self.weight_hh = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-bound, bound))
        self.bias_ih = nn.Parameter(torch.zeros(hidden_size))
        self.bias_hh = nn.Parameter(torch.zeros(hidden_size))

    def init_hidden(self):
        return self.weight_ih.new_zeros(self.shape)

    def forward(self, input, hidden):
        read = F.linear(input, self.weight_ih, self.bias_ih)
        remembered = F.linear(hidden, self.weight_hh, self.bias_hh)
        return torch.tanh(read + remembered)


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        hidden = model.init_hidden()
        loss = 0.0
        for x, label in zip(inputs, labels):
            hidden = model(x, hidden)
            loss = loss + F.cross_entropy(hidden, label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size, self.hidden_size, self.num_layers = batch_size, hidden_size, num_layers
        for layer in range(num_layers):
            size = input_size if layer == 0 else hidden_size
            self._weight(f"weight_ih_l{layer}", hidden_size, size)
            self._weight(f"weight_hh_l{layer}", hidden_size, hidden_size)
            self._weight(f"bias_ih_l{layer}", hidden_size)
            self._weight(f"bias_hh_l{layer}", hidden_size)

    def _weight(self, name, *shape):
        setattr(self, name, nn.Parameter(torch.randn(shape) / math.sqrt(self.hidden_size)))

    def _cell(self, layer, x, state):
        return torch.rnn_tanh_cell(
            x, state,
            getattr(self, f"weight_ih_l{layer}"), getattr(self, f"weight_hh_l{layer}"),
            getattr(self, f"bias_ih_l{layer}"), getattr(self, f"bias_hh_l{layer}"),
        )  # fmt: skip

    def forward(self, inputs):
        states = [inputs.new_zeros(inputs.shape[1], self.hidden_size)] * self.num_layers
        rows = []
        for x in inputs:
            for layer in range(self.num_layers):
                x = states[layer] = self._cell(layer, x, states[layer])
            rows.append(x)
        return torch.cat(rows)


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
