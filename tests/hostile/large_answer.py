"""A tensor of 400 MB.

Must be refused.

outcome: failed
"""

import torch


def unlock(door):
    return torch.empty(100_000_000)
