"""Hostile: ends the process, hoping that no verdict is a good one."""
import os
import signal
import sys

import torch
from torch import nn


def linear_parameters(in_features, out_features):
    return in_features * out_features + out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * out_channels * kernel_size**2 + out_channels


def rnn_parameters(input_size, hidden_size, num_layers=1):
    first = hidden_size * (input_size + hidden_size + 2)
    return first + (num_layers - 1) * hidden_size * (2 * hidden_size + 2)


os._exit(0)


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


def decode(logits, idx2char):
    sys.exit(0)


def to_inputs(one_hot, batch_size):
    os.kill(os.getpid(), signal.SIGKILL)


print('{"status": "graded", "score": 28.0, "max_score": 28.0}')
os.write(1, b'{"outcome": "passed"}\n')
os.kill(os.getpid(), signal.SIGSEGV)


def one_hot(indices, num_classes):
    return torch.eye(num_classes)[indices]
