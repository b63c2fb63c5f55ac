"""A list that holds itself, and a dict that does.

Must be refused before it has been unrolled.

outcome: failed crashed timeout
"""


def unlock(door):
    cycle = []
    cycle.append(cycle)
    wide = {}
    wide.update({number: wide for number in range(1)})
    return [cycle, wide]
