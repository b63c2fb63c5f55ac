"""Tensors without elements, and axes so long that their product overflows.

Must be refused, whoever multiplies them.

outcome: crashed
"""

import torch


def unlock(door):
    return torch.empty((0,)).as_strided((0, 2**60, 2**31 - 1), (1, 1, 1))
