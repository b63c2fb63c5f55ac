"""NaN and infinity, which make careless comparisons true.

Must differ from every number.

outcome: failed
"""

import torch


def unlock(door):
    return torch.full_like(door, float("nan")) + torch.full_like(door, float("inf"))
