"""update_after_all_epochs

en: The losses stay the same and the weights move once, after the last epoch: look at how far the lines of the update are indented.
zh: 损失一直不变，权重只在最后一轮之后动了一次：看看更新语句的缩进。
fails: test_trajectory
"""

import torch
import torch.nn.functional as F
from torch import nn


class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)

    def forward(self, inputs):
        out, _ = self.rnn(inputs)
        return out.reshape(-1, self.hidden_size)


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        loss = F.cross_entropy(model(inputs), labels)
        losses.append(loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return losses
