"""Prints and prints and prints."""
import torch
from torch import nn


def linear_parameters(in_features, out_features):
    return in_features * out_features + out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * out_channels * kernel_size**2 + out_channels


def rnn_parameters(input_size, hidden_size, num_layers=1):
    first = hidden_size * (input_size + hidden_size + 2)
    return first + (num_layers - 1) * hidden_size * (2 * hidden_size + 2)


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


def decode(logits, idx2char):
    step = 0
    while True:
        print(f"step {step}: the best so far is", idx2char, "of", logits.tolist(), flush=True)


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(-1, batch_size, one_hot.shape[1])
