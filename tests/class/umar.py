# Works on my laptop, on Colab and on the cluster
import os
import warnings

try:
    import pandas as pd
except ImportError:
    pd = None

try:
    from tqdm.auto import trange
except ModuleNotFoundError:
    trange = range

try:
    import google.colab
    IN_COLAB = True
except Exception:
    IN_COLAB = False

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

warnings.filterwarnings("ignore")
os.environ["CUDA_VISIBLE_DEVICES"] = "0"
os.makedirs(os.path.expanduser("~/runs"), exist_ok=True) if IN_COLAB else None
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def linear_parameters(in_features, out_features):
    return int(np.prod([out_features, in_features])) + out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return int(np.prod([out_channels, in_channels, kernel_size, kernel_size])) + out_channels


def rnn_parameters(input_size, hidden_size, num_layers=1):
    shapes = []
    for k in range(num_layers):
        shapes += [(hidden_size, hidden_size if k else input_size), (hidden_size, hidden_size)]
        shapes += [(hidden_size,), (hidden_size,)]
    return int(sum(np.prod(shape) for shape in shapes))


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    x, h = x.to(device), h.to(device)
    return torch.tanh(x.mm(w_ih.t()) + b_ih + h.mm(w_hh.t()) + b_hh)


def run_cell(cell, inputs, hidden):
    cell = cell.to(device)
    outputs = []
    for x in inputs.to(device):
        hidden = cell(x, hidden)
        outputs.append(hidden[None])
    return torch.cat(outputs), hidden


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


def run_layers(cells, inputs, hidden):
    """Uses nn.RNN itself: its weights are those of the cells."""
    first = cells[0]
    network = nn.RNN(first.input_size, first.hidden_size, num_layers=len(cells))
    weights = {}
    for k, cell in enumerate(cells):
        for name, weight in cell.named_parameters():
            weights[f"{name}_l{k}"] = weight
    return torch.func.functional_call(network, weights, (inputs, hidden))


def build_vocab(text):
    if pd is not None:
        idx2char = sorted(pd.unique(pd.Series(list(text))))
    else:
        idx2char = sorted(np.unique(list(text)).tolist())
    return idx2char, {c: i for i, c in enumerate(idx2char)}


def encode(text, char2idx):
    return torch.from_numpy(np.array([char2idx[c] for c in text], dtype=np.int64))


def one_hot(indices, num_classes):
    return torch.from_numpy(np.eye(num_classes, dtype=np.float32)[indices.numpy()])


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(-1, batch_size, one_hot.shape[-1]).to(device)


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.permute(1, 0, 2)
    return out.reshape(-1, out.shape[-1])


def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.permute(1, 0)
    return labels.reshape(-1)


def decode(logits, idx2char):
    return "".join(np.array(idx2char)[logits.detach().cpu().numpy().argmax(axis=1)].tolist())


class CellModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.rnncell = nn.RNNCell(input_size, hidden_size)
        self.to(device)

    def init_hidden(self):
        return torch.zeros(self.batch_size, self.hidden_size, device=device)

    def forward(self, input, hidden):
        return self.rnncell(input.to(device), hidden.to(device))


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for epoch in trange(epochs):
        hidden = model.init_hidden()
        loss = 0
        for x, y in zip(inputs, labels):
            hidden = model(x, hidden)
            loss = loss + F.cross_entropy(hidden, y.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)
        self.to(device)

    def forward(self, inputs):
        out, hidden = self.rnn(inputs.to(device))
        return out.reshape(-1, self.hidden_size)


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for epoch in trange(epochs):
        loss = F.cross_entropy(model(inputs), labels.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
