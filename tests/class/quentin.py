# Quentin Lefèvre, TP réseaux récurrents
import torch
from torch import nn
from torch.nn.functional import cross_entropy

def linear_parameters(in_features, out_features):
    """nombre de paramètres: poids + biais"""
    return in_features * out_features + out_features

def conv2d_parameters(in_channels, out_channels, kernel_size):
    """le noyau est partagé, d'où si peu de paramètres"""
    return out_channels * (in_channels * kernel_size ** 2 + 1)

def rnn_parameters(input_size, hidden_size, num_layers=1):
    n = hidden_size * (input_size + hidden_size + 2)
    for _ in range(1, num_layers):
        n += hidden_size * (hidden_size + hidden_size + 2)
    return n

def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    # à chaque étape: l'entrée et l'état précédent
    entrée = x @ w_ih.T + b_ih
    mémoire = h @ w_hh.T + b_hh
    return torch.tanh(entrée + mémoire)

def run_cell(cell, inputs, hidden):
    états = []
    for x in inputs:
        hidden = cell(x, hidden)
        états.append(hidden)
    return torch.stack(états, dim=0), hidden

def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return ((seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size))

def run_layers(cells, inputs, hidden):
    derniers = []
    for cell, h in zip(cells, hidden):
        sortie = []
        for x in inputs:
            h = cell(x, h)
            sortie.append(h)
        inputs = torch.stack(sortie)
        derniers.append(h)
    return inputs, torch.stack(derniers)

def build_vocab(text):
    idx2char = sorted(set(text))
    return idx2char, {c: i for i, c in enumerate(idx2char)}

def encode(text, char2idx):
    # un caractère inconnu (é ou ç dans «hello»?) lève KeyError
    return torch.tensor([char2idx[c] for c in text])

def one_hot(indices, num_classes):
    return torch.eye(num_classes)[indices]

def to_inputs(one_hot, batch_size):
    return one_hot.reshape(len(one_hot) // batch_size, batch_size, -1)

def flatten_outputs(out, batch_first=False):
    return (out.transpose(0, 1) if batch_first else out).flatten(0, 1)

def flatten_labels(labels, batch_first=False):
    return (labels.T if batch_first else labels).flatten()

def decode(logits, idx2char):
    return ''.join(idx2char[i] for i in logits.argmax(-1))

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
    optimiseur = torch.optim.Adam(model.parameters(), lr=lr)
    pertes = []
    for époque in range(epochs):
        hidden, perte = model.init_hidden(), 0
        for x, y in zip(inputs, labels):
            hidden = model(x, hidden)
            perte = perte + cross_entropy(hidden, y)
        optimiseur.zero_grad()
        perte.backward()
        optimiseur.step()
        pertes.append(perte.item())
    return pertes

class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)

    def forward(self, inputs):
        return self.rnn(inputs)[0].flatten(0, 1)

def train_rnn_model(model, inputs, labels, lr, epochs):
    optimiseur = torch.optim.Adam(model.parameters(), lr=lr)
    pertes = []
    for époque in range(epochs):
        perte = cross_entropy(model(inputs), labels)
        optimiseur.zero_grad()
        perte.backward()
        optimiseur.step()
        pertes.append(perte.item())
    return pertes
