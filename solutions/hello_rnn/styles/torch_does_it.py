"""torch's own layers called with the given weights: functional_call, RNN in place of the loops."""

import torch
from torch import nn
from torch.func import functional_call


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    cell = nn.RNNCell(x.shape[1], h.shape[1])
    weights = {"weight_ih": w_ih, "weight_hh": w_hh, "bias_ih": b_ih, "bias_hh": b_hh}
    return functional_call(cell, weights, (x, h))


def run_cell(cell, inputs, hidden):
    network = nn.RNN(cell.input_size, cell.hidden_size)
    weights = {f"{name}_l0": weight for name, weight in cell.named_parameters()}
    outputs, last = functional_call(network, weights, (inputs, hidden.unsqueeze(0)))
    return outputs, last.squeeze(0)


def run_layers(cells, inputs, hidden):
    network = nn.RNN(cells[0].input_size, cells[0].hidden_size, len(cells))
    weights = {
        f"{name}_l{layer}": weight
        for layer, cell in enumerate(cells)
        for name, weight in cell.named_parameters()
    }
    return functional_call(network, weights, (inputs, hidden))


def one_hot(indices, num_classes):
    return nn.functional.embedding(indices, torch.eye(num_classes))


def to_inputs(one_hot, batch_size):
    return one_hot.unflatten(0, (-1, batch_size))


def flatten_outputs(out, batch_first=False):
    return torch.flatten(torch.swapaxes(out, 0, 1) if batch_first else out, end_dim=1)


def flatten_labels(labels, batch_first=False):
    return torch.ravel(labels.mT if batch_first else labels)


def decode(logits, idx2char):
    return "".join(map(idx2char.__getitem__, torch.max(logits, dim=1).indices))
