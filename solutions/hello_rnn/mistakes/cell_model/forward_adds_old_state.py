"""forward_adds_old_state

en: The old state is added to what the cell gives: the cell's result is the new state as it is.
zh: 你把旧状态加到了单元的结果上：单元的结果本身就是新状态。
fails: ?
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
        return hidden + self.rnncell(input, hidden)


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        hidden = model.init_hidden()
        loss = 0.0
        for x, label in zip(inputs, labels):
            hidden = model(x, hidden)
            loss = loss + F.cross_entropy(hidden, label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
