"""forward_state_for_one_layer

en: forward fails as soon as there is more than one layer: look at axis 0 of the first hidden state that you hand to nn.RNN.
zh: 层数多于一时 forward 就报错：看看你给 nn.RNN 的初始状态的第 0 轴。
fails: test_forward
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
        hidden = torch.zeros(1, self.batch_size, self.hidden_size)
        out, _ = self.rnn(inputs, hidden)
        return out.reshape(-1, self.hidden_size)


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
