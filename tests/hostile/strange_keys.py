"""Dicts whose keys are tensors, sets and objects, and thousands of tuples.

Must not be an answer, and no breach either: a student may come upon such a thing.

outcome: failed
"""

import torch


def unlock(door):
    return [
        {door: 1}, {frozenset("ab"): 1}, {object(): 1}, {(1, door): 1}, {b"a": 1},
        {(number, number): 0 for number in range(2_000)},
    ]
