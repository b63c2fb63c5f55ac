"""Complex numbers that are conjugated and negated only by a flag.

Must be of another dtype than real ones.

outcome: failed
"""

import torch


def unlock(door):
    return torch.complex(door, door).conj().imag + torch.complex(door, door).conj()
