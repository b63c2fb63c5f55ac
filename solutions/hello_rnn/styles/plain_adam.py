"""Adam with every option spelled out and one tensor at a time, in both trainings."""

import torch
from torch import nn


def train_cell_model(model, inputs, labels, lr, epochs):
    model.train()
    optimizer = torch.optim.Adam(
        model.parameters(), lr=lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False,
        foreach=False,
    )  # fmt: skip
    criterion = nn.CrossEntropyLoss()
    losses = []
    for _ in range(epochs):
        model.zero_grad()
        hidden = None  # an nn.RNNCell starts from zeros by itself
        loss = 0.0
        for x, label in zip(inputs, labels):
            hidden = model(x, hidden)
            loss = loss + criterion(hidden, label)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    model.eval()
    return losses


def train_rnn_model(model, inputs, labels, lr, epochs):
    model.train()
    optimizer = torch.optim.Adam(
        model.parameters(), lr=lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False,
        foreach=False,
    )  # fmt: skip
    criterion = nn.CrossEntropyLoss()
    losses = []
    for _ in range(epochs):
        model.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    model.eval()
    return losses
