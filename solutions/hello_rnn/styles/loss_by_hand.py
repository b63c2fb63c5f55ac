"""Cross-entropy written out with logsumexp, sums divided by lengths, in both trainings."""

import torch


def _cross_entropy(logits, labels):
    right = logits.gather(1, labels.unsqueeze(1)).squeeze(1)
    return (logits.logsumexp(dim=1) - right).sum() / len(labels)


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        hidden, total = model.init_hidden(), 0.0
        for x, label in zip(inputs, labels):
            hidden = model(x, hidden)
            total = total + _cross_entropy(hidden, label)
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        losses.append(float(total.detach()))
    return losses


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        loss = _cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses
