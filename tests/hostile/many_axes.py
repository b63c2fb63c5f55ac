"""A tensor with 64 axes.

Must be refused.

outcome: failed
"""

import torch


def unlock(door):
    return torch.zeros((1,) * 64)
