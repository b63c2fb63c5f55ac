"""forward_samples_side_by_side

en: forward returns (seq, batch*hidden): the axes to be joined are seq and batch.
zh: forward 返回了 (seq, batch*hidden)：应该合并的是 seq 和 batch。
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
        out, _ = self.rnn(inputs)
        return out.flatten(1)


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        loss = F.cross_entropy(model(inputs).reshape(len(labels), -1), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
