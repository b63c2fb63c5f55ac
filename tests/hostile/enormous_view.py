"""Four terabytes that take up four bytes.

Must be refused without anybody making them.

outcome: failed
"""

import torch


def unlock(door):
    return torch.zeros(1).expand(2**40)
