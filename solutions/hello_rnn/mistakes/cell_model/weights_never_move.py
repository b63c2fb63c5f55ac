"""weights_never_move

en: Every epoch has the same loss and the weights stay where they were: look at whether `step` is reached, and whether there is a gradient at that moment.
zh: 每一轮的损失都一样，权重原地不动：看看有没有执行到 step，以及那一刻有没有梯度。
fails: test_trajectory
"""

import torch
import torch.nn.functional as F
from torch import nn


class CellModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.rnncell = nn.RNNCell(input_size, hidden_size)

    def init_hidden(self):
        return torch.zeros(self.batch_size, self.hidden_size)

    def forward(self, input, hidden):
        return self.rnncell(input, hidden)


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        hidden = model.init_hidden()
        loss = 0.0
        for x, label in zip(inputs, labels):
            hidden = model(x, hidden)
            loss = loss + F.cross_entropy(hidden, label)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses
