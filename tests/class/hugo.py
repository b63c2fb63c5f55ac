# Hugo, no time left for the last ones

def linear_parameters(in_features, out_features):
    return in_features * out_features + out_features

def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * out_channels * kernel_size ** 2 + out_channels

def rnn_parameters(input_size, hidden_size, num_layers=1):
    return hidden_size * (input_size + hidden_size + 2) + (num_layers - 1) * (2 * hidden_size * (hidden_size + 1))

def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)

def run_cell(cell, inputs, hidden)
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden

def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)

def build_vocab(text):
    idx2char = sorted(set(text))
    return idx2char, {c: i for i, c in enumerate(idx2char)}

def encode(text, char2idx):
    return torch.tensor([char2idx[c] for c in text])

def one_hot(indices, num_classes):
    return torch.eye(num_classes)[indices]

def to_inputs(one_hot, batch_size):
    return one_hot.reshape(-1, batch_size, one_hot.shape[1])

def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
        return out.reshape(-1, out.shape[2])
   return out.reshape(-1, out.shape[2])

def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.transpose(0, 1)
    return labels.reshape(-1)

def decode(logits, idx2char):
    return "".join(idx2char[i] for i in logits.argmax(dim=1)

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
    """Train a CellModel in place with Adam.
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for epoch in range(epochs):
        hidden = model.init_hidden()

class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.hidden_size = hidden_size
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)

    def forward(self, inputs):
        return self.rnn(inputs)[0].reshape(-1, self.hidden_size)

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
