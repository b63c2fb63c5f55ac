"""Bytes that are neither 0 nor 1, called bool.

Must arrive as plain bools.

outcome: failed
"""

import torch


def unlock(door):
    return torch.full((len(door),), 0xA5, dtype=torch.uint8).view(torch.bool)
