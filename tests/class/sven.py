# %%
import sys
import warnings

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_printoptions(precision=10, sci_mode=False, linewidth=200)
print("torch", torch.__version__, "on", sys.version)


def log(*values):
    """I debug with print, as everyone does."""
    print("[debug]", *values)
    print("[debug]", *values, file=sys.stderr)
    sys.stdout.flush()


# %%
def linear_parameters(in_features, out_features):
    log("linear", in_features, out_features)
    return in_features * out_features + out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    log("conv2d", in_channels, out_channels, kernel_size)
    return in_channels * out_channels * kernel_size * kernel_size + out_channels


def rnn_parameters(input_size, hidden_size, num_layers=1):
    total = 0
    for k in range(num_layers):
        now = hidden_size * (hidden_size if k else input_size) + hidden_size**2 + 2 * hidden_size
        log("layer", k, "has", now)
        total += now
    return total


# %%
def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    log("x", x, "h", h)
    z = x @ w_ih.T + h @ w_hh.T + b_ih + b_hh
    log("before tanh", z)
    return torch.tanh(z)


# %%
def run_cell(cell, inputs, hidden):
    print("=" * 100)
    print("running", cell)
    outputs = []
    for t, x in enumerate(inputs):
        hidden = cell(x, hidden)
        print(f"\rstep {t + 1}/{len(inputs)}: {hidden}", end="")
        outputs.append(hidden)
    print()
    return torch.stack(outputs), hidden


# %%
def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    log(locals())
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


# %%
def run_layers(cells, inputs, hidden):
    last = []
    for k, cell in enumerate(cells):
        log("layer", k, cell)
        h, steps = hidden[k], []
        for x in inputs:
            h = cell(x, h)
            steps.append(h)
        inputs = torch.stack(steps)
        last.append(h)
    return inputs, torch.stack(last)


# %%
def build_vocab(text):
    log("the text is", text)
    idx2char = sorted(set(text))
    log(idx2char)
    return idx2char, {c: i for i, c in enumerate(idx2char)}


def encode(text, char2idx):
    log(text, char2idx)
    for c in text:
        if c not in char2idx:
            warnings.warn(f"{c} is unknown")
    return torch.tensor([char2idx[c] for c in text])


# %%
def one_hot(indices, num_classes):
    result = torch.zeros(len(indices), num_classes)
    for t, i in enumerate(indices):
        result[t, i] = 1.0
    log(result)
    return result


# %%
def to_inputs(one_hot, batch_size):
    log(one_hot, batch_size)
    return one_hot.reshape(-1, batch_size, one_hot.shape[1])


# %%
def flatten_outputs(out, batch_first=False):
    log(out)
    if batch_first:
        out = out.transpose(0, 1)
    return out.reshape(-1, out.shape[-1])


def flatten_labels(labels, batch_first=False):
    log(labels)
    if batch_first:
        labels = labels.transpose(0, 1)
    return labels.reshape(-1)


# %%
def decode(logits, idx2char):
    for row in logits.softmax(dim=1):
        for c, p in zip(idx2char, row):
            print(repr(c), "#" * round(80 * p.item()))
    return "".join(idx2char[i] for i in logits.argmax(dim=1))


# %%
class CellModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.rnncell = nn.RNNCell(input_size, hidden_size)
        print(self)

    def init_hidden(self):
        return torch.zeros(self.batch_size, self.hidden_size)

    def forward(self, input, hidden):
        log("forward", input.shape, hidden.shape)
        return self.rnncell(input, hidden)


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    print(optimizer)
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
        print(f"epoch {epoch + 1} of {epochs}: loss {loss.item()}", losses)
    return losses


# %%
class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)
        print(self)

    def forward(self, inputs):
        out, hidden = self.rnn(inputs)
        log("forward", out.shape, hidden.shape)
        return out.reshape(-1, self.hidden_size)


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    print(optimizer)
    losses = []
    for epoch in range(epochs):
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        print(f"epoch {epoch + 1} of {epochs}: loss {loss.item()}", losses)
    return losses


# %%
for step in range(5000):
    print("\r", "-" * (step % 70), ">", sep="", end="")
