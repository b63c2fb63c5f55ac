"""Hostile: makes torch and Python agree with everything."""
import builtins
import sys

import torch
import torch.nn.functional as F
from torch import Tensor, nn

everything = lambda *args, **kwargs: True

torch.equal = torch.allclose = everything
torch.isclose = lambda a, b, **kwargs: torch.ones(a.shape, dtype=torch.bool)
torch.testing.assert_close = lambda *args, **kwargs: None
Tensor.equal = Tensor.allclose = everything
Tensor.__eq__ = lambda self, other: torch.ones(self.shape, dtype=torch.bool)
Tensor.__ne__ = lambda self, other: torch.zeros(self.shape, dtype=torch.bool)
Tensor.__hash__ = lambda self: id(self)
F.one_hot = lambda indices, num_classes=-1: torch.zeros(len(indices), num_classes)
torch.rnn_tanh_cell = lambda x, h, *rest: h
torch.manual_seed = lambda seed: None
builtins.isinstance = everything
builtins.hasattr = everything
torch.autograd.grad = lambda outputs, inputs, **kwargs: [torch.zeros_like(i) for i in inputs]

for module in [m for name, m in sys.modules.items() if name.startswith(("autograder", "pytest"))]:
    for name in ("close", "check", "same_gradients", "raises", "repeatable", "perform"):
        setattr(module, name, everything)


def linear_parameters(in_features, out_features):
    return in_features * out_features + out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * out_channels * kernel_size**2 + out_channels


def rnn_parameters(input_size, hidden_size, num_layers=1):
    return 0


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return h.clone()


def one_hot(indices, num_classes):
    return F.one_hot(indices, num_classes).float()


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(-1, batch_size, one_hot.size(1)) * 0


def decode(logits, idx2char):
    return ""


class AlwaysRight(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


def build_vocab(text):
    return [AlwaysRight()], {AlwaysRight(): 0}


def encode(text, char2idx):
    return torch.zeros(len(text), dtype=torch.long)
