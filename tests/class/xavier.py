import numpy as np
import torch
from torch import nn
import torch.nn.functional as F


def linear_parameters(in_features, out_features):
    return (2 * in_features * out_features + 2 * out_features) / 2


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return torch.tensor(in_channels * out_channels * kernel_size**2 + out_channels)


def rnn_parameters(input_size, hidden_size, num_layers=1):
    count = hidden_size * (input_size + hidden_size + 2)
    count += (num_layers - 1) * hidden_size * (hidden_size + hidden_size + 2)
    return f"{count} parameters"


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    a = x.double() @ w_ih.double().T + b_ih
    b = h.double() @ w_hh.double().T + b_hh
    return torch.tanh(a + b)


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return outputs, hidden


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    print("out:", (seq_len, batch_size, hidden_size))
    print("hidden:", (num_layers, batch_size, hidden_size))


def run_layers(cells, inputs, hidden):
    for cell, h in zip(cells, hidden):
        steps = []
        for x in inputs:
            h = cell(x, h)
            steps.append(h)
        inputs = torch.stack(steps)
    return inputs


def build_vocab(text):
    idx2char = sorted(set(text))
    char2idx = {c: i for i, c in enumerate(idx2char)}
    return char2idx, idx2char


def encode(text, char2idx):
    return [char2idx[c] for c in text]


def one_hot(indices, num_classes):
    return F.one_hot(indices, num_classes)


def to_inputs(one_hot, batch_size):
    return one_hot.detach().numpy().reshape(-1, batch_size, one_hot.shape[1])


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
        return out.reshape(-1, out.shape[2])


def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.transpose(0, 1)
    return labels.reshape(-1).float()


def decode(logits, idx2char):
    return [idx2char[i] for i in logits.argmax(dim=1)]


class CellModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.rnncell = nn.RNNCell(input_size, hidden_size)

    def init_hidden(self):
        return torch.tensor([[0] * self.hidden_size] * self.batch_size)

    def forward(self, input, hidden):
        hidden = self.rnncell(input, hidden)
        return hidden, hidden


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for epoch in range(epochs):
        hidden = model.init_hidden().float()
        loss = 0
        for x, y in zip(inputs, labels):
            out, hidden = model(x, hidden)
            loss = loss + F.cross_entropy(out, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return losses


class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)

    def forward(self, inputs):
        return self.rnn(inputs)


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(epochs):
        out, hidden = model(inputs)
        loss = F.cross_entropy(out.flatten(0, 1), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("final loss:", loss.item())
