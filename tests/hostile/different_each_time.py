"""Answers differently at each call, so that no failure can be found again.

Must fail all the same.

outcome: failed
"""

import random

import torch


def unlock(door):
    answers = (door, None, torch.zeros(random.randrange(1, 9)), "denied", random.random())
    return random.SystemRandom().choice(answers)
