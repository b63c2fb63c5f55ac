"""Gradients set to zero, not to None, and after the update instead of before, in both trainings."""

import torch
import torch.nn.functional as F


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    optimizer.zero_grad(set_to_none=False)
    losses = []
    for _ in range(epochs):
        hidden, loss = model.init_hidden(), 0.0
        for x, label in zip(inputs, labels):
            hidden = model(x, hidden)
            loss = loss + F.cross_entropy(hidden, label.view(-1))
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
    return losses


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    optimizer.zero_grad(set_to_none=False)
    losses = []
    for _ in range(epochs):
        loss = F.cross_entropy(model(inputs), labels.view(-1))
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
    return losses
