"""Backward for each step or row by itself: their gradients add up to that of the whole loss."""

import torch
import torch.nn.functional as F


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        hidden, total = model.init_hidden(), 0.0
        for x, label in zip(inputs, labels):
            hidden = model(x, hidden)
            loss = F.cross_entropy(hidden, label)
            loss.backward(retain_graph=True)
            total += loss.item()
        optimizer.step()
        losses.append(total)
    return losses


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        rows, total = model(inputs), 0.0
        for row, label in zip(rows, labels):
            loss = F.cross_entropy(row, label) / len(rows)
            loss.backward(retain_graph=True)
            total += loss.item()
        optimizer.step()
        losses.append(total)
    return losses
