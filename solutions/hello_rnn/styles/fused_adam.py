"""A group of weights for each tensor and torch's fused Adam, in both trainings."""

import torch
import torch.nn.functional as F


def train_cell_model(model, inputs, labels, lr, epochs):
    groups = [{"params": [weight], "lr": lr} for weight in model.parameters()]
    optimizer = torch.optim.Adam(groups, fused=True)
    losses = torch.zeros(epochs)
    for epoch in range(epochs):
        hidden = torch.zeros(inputs.shape[1], model.hidden_size)
        loss = torch.tensor(0.0)
        for x, label in zip(torch.unbind(inputs), torch.unbind(labels)):
            hidden = model(x, hidden)
            loss = torch.add(loss, F.cross_entropy(hidden, label))
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        losses[epoch] = loss.detach()
    return losses.tolist()


def train_rnn_model(model, inputs, labels, lr, epochs):
    groups = [{"params": [weight], "lr": lr} for weight in model.parameters()]
    optimizer = torch.optim.Adam(groups, fused=True)
    losses = torch.zeros(epochs)
    for epoch in range(epochs):
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        losses[epoch] = loss.detach()
    return losses.tolist()
