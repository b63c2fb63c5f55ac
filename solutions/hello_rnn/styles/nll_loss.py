"""Log-softmax and nll_loss in place of cross-entropy, in both trainings."""

import torch
import torch.nn.functional as F


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        hidden = model.init_hidden()
        loss = 0
        for x, label in zip(inputs, labels):
            hidden = model(x, hidden)
            loss += F.nll_loss(F.log_softmax(hidden, dim=-1), label)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = F.nll_loss(F.log_softmax(model(inputs), dim=-1), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
