"""Asks for 64 GiB at once.

Must be told that there is no memory, and so must the student.

outcome: memory
"""

import torch


def unlock(door):
    return torch.empty(2**34)
