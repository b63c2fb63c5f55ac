"""A loop that never ends, and that will not be stopped from inside."""
import torch
from torch import nn


def linear_parameters(in_features, out_features):
    return in_features * out_features + out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * out_channels * kernel_size**2 + out_channels


def rnn_parameters(input_size, hidden_size, num_layers=1):
    return hidden_size * (input_size + hidden_size + 2) + (num_layers - 1) * hidden_size * (
        2 * hidden_size + 2
    )


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


def decode(logits, idx2char):
    text = ""
    while len(text) < len(logits):
        try:
            text + idx2char[logits[len(text)].argmax()]
        except BaseException:
            pass
    return text


def to_inputs(one_hot, batch_size):
    return one_hot.view(-1, batch_size, one_hot.shape[1])
