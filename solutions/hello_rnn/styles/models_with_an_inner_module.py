"""Both models with the network in an inner module, and a first state handed to nn.RNN."""

import torch
import torch.nn.functional as F
from torch import nn


class CellModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.layers = nn.ModuleList([nn.RNNCell(input_size, hidden_size)])

    @property
    def rnncell(self):
        return self.layers[0]

    def init_hidden(self):
        return torch.zeros((self.batch_size, self.hidden_size), dtype=torch.float32)

    def forward(self, input, hidden):
        hidden = self.rnncell(input, hidden)
        return hidden


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _epoch in range(1, epochs + 1):
        total = 0.0
        optimizer.zero_grad()
        hidden = model.init_hidden()
        for input, label in zip(inputs, labels):
            hidden = model(input, hidden)
            total += F.cross_entropy(hidden, label)
        total.backward()
        optimizer.step()
        losses += [total.item()]
    return losses


class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.network = nn.ModuleDict({"rnn": nn.RNN(input_size, hidden_size, num_layers)})

    @property
    def rnn(self):
        return self.network["rnn"]

    def forward(self, inputs):
        first = torch.zeros(self.num_layers, self.batch_size, self.hidden_size)
        out, _hidden = self.rnn(inputs, first)
        return out.view(-1, self.hidden_size)


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _epoch in range(1, epochs + 1):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        losses += [loss.item()]
    return losses
