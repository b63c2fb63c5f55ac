"""Numbers put in place by scatter, gather, split and stack."""

import torch


def encode(text, char2idx):
    missing = [char for char in text if char not in char2idx]
    if missing:
        raise KeyError(missing[0])
    return torch.cat([torch.tensor([char2idx[char]]) for char in text])


def one_hot(indices, num_classes):
    return torch.zeros(len(indices), num_classes).scatter_(1, indices.view(-1, 1), 1.0)


def to_inputs(one_hot, batch_size):
    return torch.stack(one_hot.split(batch_size))


def flatten_outputs(out, batch_first=False):
    return torch.cat(out.unbind(1 if batch_first else 0))


def flatten_labels(labels, batch_first=False):
    return torch.cat(labels.unbind(1 if batch_first else 0))


def decode(logits, idx2char):
    places = logits.sort(dim=1, descending=True).indices[:, 0]
    return "".join(idx2char[place] for place in places.tolist())


def run_cell(cell, inputs, hidden):
    outputs = [hidden]
    for t in range(inputs.shape[0]):
        outputs.append(cell(inputs[t], outputs[-1]))
    return torch.stack(outputs[1:], dim=0), outputs[-1]


def run_layers(cells, inputs, hidden):
    sequence, last = list(inputs.unbind(0)), []
    for cell, state in zip(cells, hidden.unbind(0)):
        for t in range(len(sequence)):
            state = cell(sequence[t], state)
            sequence[t] = state
        last.append(state)
    return torch.stack(sequence), torch.stack(last)
