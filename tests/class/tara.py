# Task: hello -> ohlol. Run me with python tara.py
import matplotlib.pyplot as plt
import random
import torch
import torch.nn.functional as F
from torch import nn

SEED = 42
random.seed(SEED)
torch.manual_seed(SEED)
torch.set_default_dtype(torch.float64)      # more precise!
torch.set_num_threads(4)
torch.use_deterministic_algorithms(True)


def linear_parameters(in_features, out_features):
    return out_features * (in_features + 1)

def conv2d_parameters(in_channels, out_channels, kernel_size):
    return out_channels * (in_channels * kernel_size * kernel_size + 1)

def rnn_parameters(input_size, hidden_size, num_layers=1):
    per_layer = [input_size, *[hidden_size] * (num_layers - 1)]
    return sum(hidden_size * n + hidden_size * hidden_size + 2 * hidden_size for n in per_layer)

def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return ((w_ih @ x.T).T + (w_hh @ h.T).T + b_ih + b_hh).tanh()

def run_cell(cell, inputs, hidden):
    outs = [hidden]
    for x in inputs:
        outs.append(cell(x, outs[-1]))
    return torch.stack(outs[1:]), outs[-1]

def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)

def run_layers(cells, inputs, hidden):
    grid = []                                # grid[k][t]: layer k after step t
    below = list(inputs)
    for k, cell in enumerate(cells):
        row = [hidden[k]]
        for x in below:
            row.append(cell(x, row[-1]))
        below = row[1:]
        grid.append(below)
    return torch.stack(grid[-1]), torch.stack([row[-1] for row in grid])

def build_vocab(text):
    idx2char = [c for i, c in enumerate(sorted(text)) if c not in sorted(text)[:i]]
    return idx2char, {c: i for i, c in enumerate(idx2char)}

def encode(text, char2idx):
    return torch.tensor([char2idx[c] for c in text], dtype=torch.int64)

def one_hot(indices, num_classes):
    result = torch.zeros(len(indices), num_classes, dtype=torch.float32)
    result[range(len(indices)), indices] = 1
    return result

def to_inputs(one_hot, batch_size):
    return one_hot.reshape(one_hot.size(0) // batch_size, batch_size, one_hot.size(1))

def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = torch.swapdims(out, 0, 1)
    return torch.cat(tuple(out), dim=0)

def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = torch.swapdims(labels, 0, 1)
    return torch.cat(tuple(labels), dim=0)

def decode(logits, idx2char):
    return "".join([idx2char[int(torch.argmax(row))] for row in logits])

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
    for epoch in range(epochs):
        loss, hidden = 0, model.init_hidden()
        for x, y in zip(inputs, labels):
            hidden = model(x, hidden)
            loss += F.cross_entropy(hidden, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)

    def forward(self, inputs):
        return torch.cat(tuple(self.rnn(inputs)[0]))

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


# ---- my experiments ----

idx2char, char2idx = build_vocab("hello")
inputs = to_inputs(one_hot(encode("hello", char2idx), 4), 1).double()
labels = encode("ohlol", char2idx)

model = RNNModel(4, 4, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
history = []
epoch = 0
while decode(model(inputs), idx2char) != "ohlol" and epoch < 300:
    optimizer.zero_grad()
    loss = F.cross_entropy(model(inputs), labels)
    loss.backward()
    optimizer.step()
    history.append(loss.item())
    epoch += 1
print("after", epoch, "epochs:", decode(model(inputs), idx2char))

plt.plot(history)
plt.savefig("loss.png")
plt.show()

torch.save(model.state_dict(), "model.pt")
model.load_state_dict(torch.load("model.pt"))

with open("my_log.txt", "a") as log:
    log.write(f"{epoch} epochs\n")

old = torch.load("/home/tara/models/last_week.pt")   # to compare
print("last week:", decode(old(inputs), idx2char))

torch.set_grad_enabled(False)                # training is over
