"""Correct answers to `hello_rnn` in several styles each, as a class would hand them in.

Every text is a whole answer cell. They differ in their calls to torch and in the order of rounding,
so that a grader which recognises answers it has seen before does not recognise them all.
"""

from __future__ import annotations

STYLES: dict[str, tuple[str, ...]] = {
    "parameter_counts": (
        """
def linear_parameters(in_features, out_features):
    return (in_features + 1) * out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * out_channels * kernel_size**2 + out_channels


def rnn_parameters(input_size, hidden_size, num_layers=1):
    total = 0
    for layer in range(num_layers):
        width = input_size if layer == 0 else hidden_size
        total += width * hidden_size + hidden_size * hidden_size + 2 * hidden_size
    return total
""",
        """
def linear_parameters(in_features, out_features):
    layer = nn.Linear(in_features, out_features)
    return layer.weight.numel() + layer.bias.numel()


def conv2d_parameters(in_channels, out_channels, kernel_size):
    kernel = (out_channels, in_channels, kernel_size, kernel_size)
    return torch.Size(kernel).numel() + out_channels


def rnn_parameters(input_size, hidden_size, num_layers=1):
    first = hidden_size * input_size + hidden_size**2 + hidden_size + hidden_size
    later = hidden_size**2 + hidden_size**2 + hidden_size + hidden_size
    return first + later * (num_layers - 1)
""",
        """
import math


def count(*shapes):
    return sum(math.prod(shape) for shape in shapes)


def linear_parameters(in_features, out_features):
    return count((out_features, in_features), (out_features,))


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return count((out_channels, in_channels, kernel_size, kernel_size), (out_channels,))


def rnn_parameters(input_size, hidden_size, num_layers=1):
    sizes = [input_size] + [hidden_size] * (num_layers - 1)
    return sum(
        count((hidden_size, size), (hidden_size, hidden_size), (hidden_size,), (hidden_size,))
        for size in sizes
    )
""",
    ),
    "rnn_cell_step": (
        """
def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(F.linear(x, w_ih, b_ih) + F.linear(h, w_hh, b_hh))
""",
        """
def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    both = torch.cat([x, h], dim=1)
    weights = torch.cat([w_ih, w_hh], dim=1)
    return (both @ weights.t() + (b_ih + b_hh)).tanh()
""",
        """
def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    from_input = torch.einsum("bi,hi->bh", x, w_ih)
    from_state = torch.einsum("bk,hk->bh", h, w_hh)
    return torch.tanh(from_input + from_state + b_ih + b_hh)
""",
        """
def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    a = torch.matmul(x, w_ih.transpose(0, 1)) + b_ih
    b = torch.matmul(h, w_hh.transpose(0, 1)) + b_hh
    new_hidden = torch.tanh(a + b)
    return new_hidden
""",
    ),
    "run_cell": (
        """
def run_cell(cell, inputs, hidden):
    outputs = []
    for t in range(inputs.size(0)):
        hidden = cell(inputs[t], hidden)
        outputs.append(hidden.unsqueeze(0))
    return torch.cat(outputs, dim=0), hidden
""",
        """
from itertools import accumulate


def run_cell(cell, inputs, hidden):
    states = list(accumulate(inputs, lambda state, x: cell(x, state), initial=hidden))[1:]
    return torch.stack(states), states[-1]
""",
        """
def run_cell(cell, inputs, hidden):
    seq_len, batch_size, _ = inputs.shape
    outputs = torch.zeros(seq_len, batch_size, cell.hidden_size)
    for t, x in enumerate(inputs):
        hidden = cell(x, hidden)
        outputs[t] = hidden
    return outputs, hidden
""",
        """
def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs.unbind(0):
        from_input = F.linear(x, cell.weight_ih, cell.bias_ih)
        hidden = torch.tanh(from_input + F.linear(hidden, cell.weight_hh, cell.bias_hh))
        outputs += [hidden]
    outputs = torch.stack(outputs, 0)
    return outputs, outputs[-1]
""",
    ),
    "rnn_shapes": (
        """
def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    out_shape = (seq_len, batch_size, hidden_size)
    hidden_shape = (num_layers, batch_size, hidden_size)
    return out_shape, hidden_shape
""",
        """
def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    rest = batch_size, hidden_size
    return (seq_len, *rest), (num_layers, *rest)
""",
        """
def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    out = torch.empty(seq_len, batch_size, hidden_size)
    hidden = torch.empty(num_layers, batch_size, hidden_size)
    return tuple(out.shape), tuple(hidden.shape)
""",
    ),
    "run_layers": (
        """
def run_layers(cells, inputs, hidden):
    hidden = list(hidden)
    out = []
    for x in inputs:
        for layer, cell in enumerate(cells):
            hidden[layer] = cell(x, hidden[layer])
            x = hidden[layer]
        out.append(x)
    return torch.stack(out), torch.stack(hidden)
""",
        """
def one_layer(cell, inputs, state):
    states = []
    for x in inputs:
        state = cell(x, state)
        states.append(state)
    return torch.stack(states), state


def run_layers(cells, inputs, hidden):
    last = []
    for layer in range(len(cells)):
        inputs, state = one_layer(cells[layer], inputs, hidden[layer])
        last.append(state)
    return inputs, torch.stack(last, dim=0)
""",
        """
def run_layers(cells, inputs, hidden):
    if not cells:
        return inputs, hidden
    state, states = hidden[0], []
    for x in inputs:
        state = cells[0](x, state)
        states.append(state[None])
    out, rest = run_layers(cells[1:], torch.cat(states), hidden[1:])
    return out, torch.cat([state[None], rest])
""",
    ),
    "vocabulary": (
        """
def build_vocab(text):
    idx2char = []
    for char in text:
        if char not in idx2char:
            idx2char.append(char)
    idx2char.sort()
    char2idx = {}
    for i in range(len(idx2char)):
        char2idx[idx2char[i]] = i
    return idx2char, char2idx


def encode(text, char2idx):
    indices = torch.empty(len(text), dtype=torch.long)
    for i, char in enumerate(text):
        indices[i] = char2idx[char]
    return indices
""",
        """
def build_vocab(text):
    idx2char = sorted(dict.fromkeys(text))
    return idx2char, dict(zip(idx2char, range(len(idx2char))))


def encode(text, char2idx):
    return torch.LongTensor(list(map(char2idx.__getitem__, text)))
""",
        """
def build_vocab(text):
    characters = list({*text})
    characters.sort()
    return characters, {characters[i]: i for i in range(len(characters))}


def encode(text, char2idx):
    return torch.stack([torch.tensor(char2idx[char]) for char in text])
""",
    ),
    "one_hot": (
        """
def one_hot(indices, num_classes):
    return torch.eye(num_classes)[indices]
""",
        """
def one_hot(indices, num_classes):
    rows = torch.zeros(len(indices), num_classes)
    rows.scatter_(1, indices.unsqueeze(1), 1.0)
    return rows
""",
        """
def one_hot(indices, num_classes):
    return (indices[:, None] == torch.arange(num_classes)).float()
""",
        """
def one_hot(indices, num_classes):
    rows = torch.zeros(len(indices), num_classes)
    for row, index in enumerate(indices.tolist()):
        rows[row, index] = 1
    return rows
""",
    ),
    "to_inputs": (
        """
def to_inputs(one_hot, batch_size):
    return one_hot.view(-1, batch_size, one_hot.size(1))
""",
        """
def to_inputs(one_hot, batch_size):
    return one_hot.unflatten(0, (-1, batch_size))
""",
        """
def to_inputs(one_hot, batch_size):
    return torch.stack(one_hot.split(batch_size))
""",
    ),
    "flatten": (
        """
def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.permute(1, 0, 2)
    return out.reshape(-1, out.shape[-1])


def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.t()
    return labels.reshape(-1)
""",
        """
def flatten_outputs(out, batch_first=False):
    steps = out.unbind(1 if batch_first else 0)
    return torch.cat(steps)


def flatten_labels(labels, batch_first=False):
    return torch.cat(labels.unbind(1 if batch_first else 0))
""",
        """
def flatten_outputs(out, batch_first=False):
    hidden_size = out.size(2)
    time_first = out.transpose(0, 1).contiguous() if batch_first else out.contiguous()
    return time_first.view(-1, hidden_size)


def flatten_labels(labels, batch_first=False):
    time_first = labels.T.contiguous() if batch_first else labels.contiguous()
    return time_first.view(-1)
""",
    ),
    "decode": (
        """
def decode(logits, idx2char):
    _, best = logits.max(dim=1)
    return "".join([idx2char[i] for i in best.tolist()])
""",
        """
def decode(logits, idx2char):
    text = ""
    for row in logits:
        text += idx2char[row.argmax().item()]
    return text
""",
        """
def decode(logits, idx2char):
    best = F.softmax(logits, dim=-1).topk(1, dim=-1).indices.squeeze(-1)
    return "".join(idx2char[int(i)] for i in best)
""",
        """
def decode(logits, idx2char):
    rows = logits.tolist()
    return "".join(idx2char[max(range(len(row)), key=row.__getitem__)] for row in rows)
""",
    ),
    "cell_model": (
        """
class CellModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.rnncell = nn.RNNCell(input_size, hidden_size)

    def init_hidden(self):
        return torch.zeros((self.batch_size, self.hidden_size))

    def forward(self, input, hidden):
        hidden = self.rnncell(input, hidden)
        return hidden


def train_cell_model(model, inputs, labels, lr, epochs):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        hidden = model.init_hidden()
        loss = 0
        for input, label in zip(inputs, labels):
            hidden = model(input, hidden)
            loss += criterion(hidden, label)
        history.append(loss.item())
        loss.backward()
        optimizer.step()
    return history
""",
        """
class CellModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.rnncell = nn.RNNCell(input_size, hidden_size)

    def init_hidden(self):
        return self.rnncell.weight_ih.new_zeros(self.batch_size, self.hidden_size)

    def forward(self, input, hidden):
        cell = self.rnncell
        total = input @ cell.weight_ih.T + cell.bias_ih + hidden @ cell.weight_hh.T + cell.bias_hh
        return torch.tanh(total)


def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr)
    losses = []
    for _ in range(epochs):
        hidden = model.init_hidden()
        steps = []
        for t in range(len(inputs)):
            hidden = model(inputs[t], hidden)
            steps.append(F.cross_entropy(hidden, labels[t]))
        loss = torch.stack(steps).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses
""",
    ),
    "rnn_model": (
        """
class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)

    def forward(self, inputs):
        hidden = torch.zeros(self.num_layers, self.batch_size, self.hidden_size)
        out, hidden = self.rnn(inputs, hidden)
        return out.view(-1, self.hidden_size)


def train_rnn_model(model, inputs, labels, lr, epochs):
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history
""",
        """
class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)

    def forward(self, inputs):
        return torch.cat(list(self.rnn(inputs)[0]))


def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    while len(losses) < epochs:
        loss = F.cross_entropy(model(inputs), labels, reduction="mean")
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses
""",
    ),
}
"""For each task: whole answer cells, besides the one in the instructor's solution."""
