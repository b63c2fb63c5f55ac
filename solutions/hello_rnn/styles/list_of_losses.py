"""A list of losses that are added up afterwards, in both trainings."""

import torch
import torch.nn.functional as F


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(list(model.parameters()), lr)
    history = []
    while len(history) < epochs:
        optimizer.zero_grad()
        hidden = model.init_hidden()
        losses = []
        for step, x in enumerate(inputs):
            hidden = model(x, hidden)
            losses.append(F.cross_entropy(hidden, labels[step]))
        total = sum(losses)
        total.backward()
        history.append(total.item())
        optimizer.step()
    return history


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(list(model.parameters()), lr)
    history = []
    while len(history) < epochs:
        optimizer.zero_grad()
        rows = model(inputs)
        losses = [F.cross_entropy(rows[i : i + 1], labels[i : i + 1]) for i in range(len(rows))]
        total = torch.stack(losses).mean()
        total.backward()
        history.append(total.item())
        optimizer.step()
    return history
