"""forward_inputs_exchanged

en: forward swaps the first two axes of the inputs, and so walks over the samples: they come as nn.RNN wants them.
zh: forward 交换了输入的前两个轴，于是沿着样本走：输入本来就是 nn.RNN 要的样子。
fails: ?
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
        out, _ = self.rnn(inputs.transpose(0, 1))
        return out.transpose(0, 1).flatten(0, 1)


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
