"""Asks for far more memory than there is any need for."""
import torch
from torch import nn


def linear_parameters(in_features, out_features):
    return nn.Linear(50_000, 50_000).weight.numel() + out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * out_channels * kernel_size**2 + out_channels


def rnn_parameters(input_size, hidden_size, num_layers=1):
    first = hidden_size * (input_size + hidden_size + 2)
    return first + (num_layers - 1) * hidden_size * (2 * hidden_size + 2)


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    everything = [0] * 10**10
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


def one_hot(indices, num_classes):
    every_row_that_there_could_be = torch.zeros(512, 1024, 1024)  # 2 GB
    every_row_that_there_could_be[0, range(len(indices)), indices] = 1.0
    return every_row_that_there_could_be[0, : len(indices), :num_classes]


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(-1, batch_size, one_hot.shape[1])


def decode(logits, idx2char):
    return "".join(idx2char[i] for i in logits.argmax(dim=1))
