"""Products as einsum, layouts as index arithmetic and matrices that pick."""

import torch
import torch.nn.functional as F


def linear_parameters(in_features, out_features):
    return out_features * (in_features + 1)


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return out_channels + out_channels * in_channels * kernel_size**2


def rnn_parameters(input_size, hidden_size, num_layers=1):
    return sum(
        hidden_size * (read + hidden_size) + 2 * hidden_size
        for read in [input_size] + [hidden_size] * (num_layers - 1)
    )


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    read = torch.einsum("bi,hi->bh", x, w_ih)
    remembered = torch.einsum("bg,hg->bh", h, w_hh)
    return (read + remembered + (b_ih + b_hh)).tanh()


def one_hot(indices, num_classes):
    return (indices.unsqueeze(1) == torch.arange(num_classes)).float()


def to_inputs(one_hot, batch_size):
    seq = len(one_hot) // batch_size
    places = torch.arange(seq).unsqueeze(1) * batch_size + torch.arange(batch_size)
    return one_hot[places]


def flatten_outputs(out, batch_first=False):
    axes = "bth->tbh" if batch_first else "tbh->tbh"
    time_major = torch.einsum(axes, out)
    return time_major.reshape(time_major.shape[0] * time_major.shape[1], -1)


def flatten_labels(labels, batch_first=False):
    rows = labels.permute(1, 0) if batch_first else labels
    return torch.cat(list(rows))


def decode(logits, idx2char):
    best = F.one_hot(logits.argmax(-1), logits.shape[-1])
    places = torch.einsum("tc,c->t", best, torch.arange(logits.shape[-1]))
    return "".join([idx2char[place] for place in places])
