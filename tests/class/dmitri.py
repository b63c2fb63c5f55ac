"""hello_rnn, D. Volkov. Everything is an object here, because why not."""
import functools
import operator

import torch
import torch.nn.functional as F
from torch import nn

linear_parameters = lambda in_features, out_features: in_features * out_features + out_features
conv2d_parameters = lambda cin, cout, k: functools.reduce(operator.mul, (cin, cout, k, k)) + cout


class CountRNN:
    def __call__(self, input_size, hidden_size, num_layers=1):
        return sum(self.layer(i, input_size, hidden_size) for i in range(num_layers))

    @staticmethod
    def layer(i, input_size, hidden_size):
        reads = hidden_size if i else input_size
        return hidden_size * (reads + hidden_size) + 2 * hidden_size


rnn_parameters = CountRNN()


class Step(nn.Module):
    """A module without any weights of its own is just a function."""

    def forward(self, x, h, w_ih, w_hh, b_ih, b_hh):
        gates = torch.cat((x, h), 1) @ torch.cat((w_ih, w_hh), 1).t()
        return torch.tanh(gates + b_ih + b_hh)


rnn_cell_step = Step()


class Unroll:
    def __init__(self, reverse=False):
        self.reverse = reverse

    def __call__(self, cell, inputs, hidden):
        states = list(self.states(cell, inputs, hidden))
        return torch.stack(states), states[-1]

    def states(self, cell, inputs, hidden):
        for x in inputs:
            hidden = cell(x, hidden)
            yield hidden


run_cell = Unroll()


class Shapes:
    @classmethod
    def of(cls, seq_len, batch_size, input_size, hidden_size, num_layers):
        return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


rnn_shapes = Shapes.of


class Stack:
    def __init__(self):
        self.unroll = Unroll()

    def run(self, cells, inputs, hidden):
        last = []
        for cell, start in zip(cells, hidden):
            inputs, end = self.unroll(cell, inputs, start)
            last.append(end)
        return inputs, torch.stack(last)


run_layers = Stack().run


class Vocabulary(dict):
    """A dict from character to index that also knows the way back."""

    def __init__(self, text):
        self.characters = sorted(set(text))
        super().__init__((c, i) for i, c in enumerate(self.characters))


def build_vocab(text):
    vocabulary = Vocabulary(text)
    return vocabulary.characters, vocabulary


encode = lambda text, char2idx: torch.LongTensor([char2idx[c] for c in text])

one_hot = lambda indices, num_classes: (indices.unsqueeze(1) == torch.arange(num_classes)).float()

to_inputs = lambda one_hot, batch_size: torch.stack(one_hot.split(batch_size))


def flatten(tensor, batch_first=False, *, keep):
    if batch_first:
        tensor = tensor.transpose(0, 1)
    return tensor.reshape(-1, *tensor.shape[2:]) if keep else tensor.reshape(-1)


flatten_outputs = functools.partial(flatten, keep=True)
flatten_labels = functools.partial(flatten, keep=False)


class Decoder:
    def __call__(self, logits, idx2char):
        return "".join(idx2char[row.argmax().item()] for row in logits)


decode = Decoder()


class CellModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.rnncell = nn.RNNCell(input_size, hidden_size)

    init_hidden = lambda self: torch.zeros(self.batch_size, self.hidden_size)
    forward = lambda self, input, hidden: self.rnncell(input, hidden)


class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)

    forward = lambda self, inputs: torch.cat(list(self.rnn(inputs)[0]))


class Trainer:
    """Trains whatever tells it its loss."""

    def __init__(self, loss_of):
        self.loss_of = loss_of

    def __call__(self, model, inputs, labels, lr, epochs):
        adam = torch.optim.Adam(model.parameters(), lr)
        return [self.epoch(adam, model, inputs, labels) for _ in range(epochs)]

    def epoch(self, adam, model, inputs, labels):
        loss = self.loss_of(model, inputs, labels)
        model.zero_grad()
        loss.backward()
        adam.step()
        return loss.item()


def loss_of_steps(model, inputs, labels):
    hidden = model.init_hidden()
    total = torch.zeros(())
    for x, y in zip(inputs, labels):
        hidden = model(x, hidden)
        total = total + F.cross_entropy(hidden, y)
    return total


train_cell_model = Trainer(loss_of_steps)
train_rnn_model = Trainer(lambda model, inputs, labels: F.cross_entropy(model(inputs), labels))
