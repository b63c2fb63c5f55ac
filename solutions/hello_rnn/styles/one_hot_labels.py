"""Labels as probabilities, and gradients from torch.autograd.grad, in both trainings."""

import torch
import torch.nn.functional as F


def train_cell_model(model, inputs, labels, lr, epochs):
    weights = list(model.parameters())
    optimizer = torch.optim.Adam(weights, lr=lr)
    losses = []
    for _ in range(epochs):
        hidden, steps = model.init_hidden(), []
        for x, label in zip(inputs, labels):
            hidden = model(x, hidden)
            steps.append(F.cross_entropy(hidden, F.one_hot(label, hidden.shape[1]).float()))
        loss = torch.stack(steps).sum()
        for weight, gradient in zip(weights, torch.autograd.grad(loss, weights)):
            weight.grad = gradient
        optimizer.step()
        losses.append(loss.item())
    return losses


def train_rnn_model(model, inputs, labels, lr, epochs):
    weights = list(model.parameters())
    optimizer = torch.optim.Adam(weights, lr=lr)
    losses = []
    for _ in range(epochs):
        logits = model(inputs)
        loss = F.cross_entropy(logits, F.one_hot(labels, logits.shape[1]).float())
        for weight, gradient in zip(weights, torch.autograd.grad(loss, weights)):
            weight.grad = gradient
        optimizer.step()
        losses.append(loss.item())
    return losses
