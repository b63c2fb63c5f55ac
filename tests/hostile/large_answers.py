"""Thirty megabytes for each call: each may pass, and all of them are a gigabyte in the grader.

Must not be kept by the grader.

outcome: failed crashed memory
"""

import torch


def unlock(door):
    return torch.zeros(7_500_000)
