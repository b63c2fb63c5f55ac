"""The optimiser calls the loss: `optimizer.step(closure)`, in both trainings."""

import torch
import torch.nn.functional as F


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    def closure():
        optimizer.zero_grad()
        hidden = model.init_hidden()
        loss = torch.zeros(())
        for step in range(inputs.size(0)):
            hidden = model.forward(inputs[step], hidden)
            loss = loss + F.cross_entropy(hidden, labels[step])
        loss.backward()
        return loss

    return [optimizer.step(closure).item() for _ in range(epochs)]


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(model.forward(inputs), labels)
        loss.backward()
        return loss

    return [float(optimizer.step(closure).detach()) for _ in range(epochs)]
