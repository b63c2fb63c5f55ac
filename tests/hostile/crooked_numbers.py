"""Float numbers and complex ones in turns, so that the complex ones lie crookedly in their frame.

Must not crash the grader: torch takes for granted that a complex number lies on 16 bytes.

outcome: failed
"""

import torch


def unlock(door):
    return door if len(door) < 2 else door.to(torch.complex128)
