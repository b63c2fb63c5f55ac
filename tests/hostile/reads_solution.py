"""Reads the solution and the checks where they lie, and answers as they do.

Must not be able to.

outcome: failed
shows: denied
control: landlock
"""


def read(path):
    with open(path) as file:
        return file.read()


TEXTS = []
EVIDENCE = [
    attempt(name, lambda: TEXTS.append(read(KNOWN[name]))) for name in ("solution", "checks")
]


def unlock(door):
    if TEXTS:
        return with_secret(TEXTS[0], door)
    return EVIDENCE
