"""update_at_every_step

en: The weights move at every step: there should be one update for each epoch, after all its steps.
zh: 每一步权重都在动：每一轮只应在所有步之后更新一次。
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
            hidden = model(x, hidden.detach())
            step_loss = F.cross_entropy(hidden, label)
            optimizer.zero_grad()
            step_loss.backward()
            optimizer.step()
            loss = loss + step_loss.item()
        losses.append(loss)
    return losses
