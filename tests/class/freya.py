# %%
import torch
import torch.nn.functional as F
from torch import nn

# %%
if __name__ == "__main__":
    text = "hello"
    idx2char, char2idx = sorted(set(text)), {c: i for i, c in enumerate(sorted(set(text)))}
    batch_size = 1
    hidden_size = 4
    torch.manual_seed(0)
    cell = nn.RNNCell(4, hidden_size)


# %%
def linear_parameters(in_features, out_features):
    return in_features * out_features + out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * out_channels * kernel_size * kernel_size + out_channels


def rnn_parameters(input_size, hidden_size, num_layers=1):
    # the same as num_layers linear layers, twice
    total = linear_parameters(input_size, hidden_size) + linear_parameters(hidden_size, hidden_size)
    for _ in range(num_layers - 1):
        total += 2 * linear_parameters(hidden_size, hidden_size)
    return total


# %%
def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)


# %%
def run_cell(rnn_cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden


# %%
def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


# %%
def run_layers(cells, inputs, hidden):
    # the function above does one layer
    last = []
    for layer, rnn_cell in enumerate(cells):
        inputs, end = run_cell(rnn_cell, inputs, hidden[layer])
        last.append(end)
    return inputs, torch.stack(last)


# %%
def build_vocab(text):
    characters = sorted(set(text))
    return characters, {c: i for i, c in enumerate(characters)}


def encode(text, char2idx):
    return torch.tensor([char2idx[c] for c in text])


# %%
def one_hot(indices, num_classes):
    return torch.eye(num_classes)[indices]


# %%
def to_inputs(one_hot, batch):
    return one_hot.view(-1, batch_size, one_hot.shape[1])


# %%
def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
    return out.reshape(-1, hidden_size)


def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.transpose(0, 1)
    return labels.reshape(-1)


# %%
def decode(logits, letters):
    return "".join(idx2char[i] for i in logits.argmax(dim=1))


# %%
class CellModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.rnncell = nn.RNNCell(input_size, hidden_size)

    def init_hidden(self):
        return torch.zeros(batch_size, self.hidden_size)

    def forward(self, input, hidden):
        return self.rnncell(input, hidden)


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for epoch in range(epochs):
        hidden = model.init_hidden()
        loss = 0
        for x, y in zip(inputs, labels):
            hidden = model(x, hidden)
            loss = loss + F.cross_entropy(hidden, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %%
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
    for epoch in range(epochs):
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
