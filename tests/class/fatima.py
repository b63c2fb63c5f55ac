# Fatima B., group 3
from torch import *
from torch.nn import *
from torch.nn.functional import *
from torch.optim import *
from math import *
from builtins import *  # torch has a sum, a max and even a range of its own


def linear_parameters(in_features, out_features):
    return (in_features + 1) * out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return (in_channels * kernel_size ** 2 + 1) * out_channels


def rnn_parameters(input_size, hidden_size, num_layers=1):
    widths = [input_size] + (num_layers - 1) * [hidden_size]
    return sum((w + hidden_size + 2) * hidden_size for w in widths)


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return nn.functional.linear(x, w_ih, b_ih).add(nn.functional.linear(h, w_hh, b_hh)).tanh()


def run_cell(cell, inputs, hidden):
    outputs = ()
    for x in inputs:
        hidden = cell(x, hidden)
        outputs = outputs + (hidden,)
    return stack(outputs), hidden


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    out = zeros(seq_len, batch_size, hidden_size)
    hidden = zeros(num_layers, batch_size, hidden_size)
    return out.size(), hidden.size()


def run_layers(cells, inputs, hidden):
    lasts = []
    layer_in = inputs
    for number in range(len(cells)):
        h = hidden[number]
        layer_out = []
        for t in range(layer_in.size(0)):
            h = cells[number](layer_in[t], h)
            layer_out.append(h)
        layer_in = stack(layer_out)
        lasts.append(h)
    return layer_in, stack(lasts)


def build_vocab(text):
    chars = list(set(text))
    chars.sort()
    back = {}
    for c in chars:
        back[c] = len(back)
    return chars, back


def encode(text, char2idx):
    return tensor([char2idx[c] for c in text], dtype=int64)


def one_hot(indices, num_classes):
    return nn.functional.one_hot(indices, num_classes).to(float32)


def to_inputs(one_hot, batch_size):
    rows, width = one_hot.shape
    return one_hot.view(rows // batch_size, batch_size, width)


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = einsum("bsh->sbh", out)
    seq, batch, width = out.shape
    return out.reshape(seq * batch, width)


def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = swapaxes(labels, 0, 1)
    return labels.ravel()


def decode(logits, idx2char):
    text = ""
    for place in argmax(logits, dim=1):
        text += idx2char[place]
    return text


class CellModel(Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super(CellModel, self).__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.rnncell = RNNCell(input_size, hidden_size)

    def init_hidden(self):
        return zeros(self.batch_size, self.hidden_size)

    def forward(self, input, hidden):
        hidden = self.rnncell(input, hidden)
        return hidden


def train_cell_model(model, inputs, labels, lr, epochs):
    criterion = CrossEntropyLoss()
    optimizer = Adam(model.parameters(), lr=lr)
    losses = []
    for epoch in range(epochs):
        loss = 0
        optimizer.zero_grad()
        hidden = model.init_hidden()
        for input, label in zip(inputs, labels):
            hidden = model(input, hidden)
            loss += criterion(hidden, label)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


class RNNModel(Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super(RNNModel, self).__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = RNN(input_size, hidden_size, num_layers=num_layers)

    def forward(self, inputs):
        hidden = zeros(self.num_layers, self.batch_size, self.hidden_size)
        out, _ = self.rnn(inputs, hidden)
        return out.view(-1, self.hidden_size)


def train_rnn_model(model, inputs, labels, lr, epochs):
    criterion = CrossEntropyLoss()
    optimizer = Adam(model.parameters(), lr=lr)
    losses = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
