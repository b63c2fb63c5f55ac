"""Tensors made first and filled by index; the layers' loop inside that over the steps."""

import torch


def run_cell(cell, inputs, hidden):
    seq, batch, _ = inputs.shape
    outputs = torch.zeros(seq, batch, cell.hidden_size)
    for t in range(seq):
        hidden = cell(inputs[t], hidden)
        outputs[t] = hidden
    return outputs, outputs[-1]


def run_layers(cells, inputs, hidden):
    states = [hidden[k] for k in range(len(cells))]
    out = torch.empty(len(inputs), *hidden.shape[1:])
    for t in range(len(inputs)):
        x = inputs[t]
        for k in range(len(cells)):
            states[k] = cells[k](x, states[k])
            x = states[k]
        out[t] = x
    return out, torch.stack(states)


def build_vocab(text):
    idx2char = list(set(text))
    idx2char.sort()
    char2idx = {}
    for i in range(len(idx2char)):
        char2idx[idx2char[i]] = i
    return idx2char, char2idx


def encode(text, char2idx):
    indices = torch.zeros(len(text), dtype=torch.long)
    for t, char in enumerate(text):
        indices[t] = char2idx[char]
    return indices


def one_hot(indices, num_classes):
    rows = torch.zeros(len(indices), num_classes)
    for t, index in enumerate(indices.tolist()):
        rows[t, index] = 1
    return rows


def to_inputs(one_hot, batch_size):
    seq = one_hot.shape[0] // batch_size
    inputs = torch.zeros(seq, batch_size, one_hot.shape[1])
    for t in range(seq):
        for b in range(batch_size):
            inputs[t, b] = one_hot[t * batch_size + b]
    return inputs


def flatten_outputs(out, batch_first=False):
    batch, seq = (out.shape[0], out.shape[1]) if batch_first else (out.shape[1], out.shape[0])
    rows = torch.zeros(seq * batch, out.shape[2])
    for t in range(seq):
        for b in range(batch):
            rows[t * batch + b] = out[b, t] if batch_first else out[t, b]
    return rows


def flatten_labels(labels, batch_first=False):
    if batch_first:
        samples = labels.tolist()
        return torch.tensor([row[t] for t in range(labels.shape[1]) for row in samples])
    return torch.tensor([label for row in labels.tolist() for label in row])


def decode(logits, idx2char):
    text = ""
    for row in logits:
        text += idx2char[int(row.argmax())]
    return text
