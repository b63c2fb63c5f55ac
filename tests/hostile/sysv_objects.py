"""Shared memory, semaphores and queues of System V, which outlive whoever makes them.

Must not be made.

outcome: failed
shows: denied
control: seccomp
"""

import platform

CALLS = {"x86_64": (29, 31, 64, 66, 68, 71), "aarch64": (194, 195, 190, 191, 186, 187)}
SHMGET, SHMCTL, SEMGET, SEMCTL, MSGGET, MSGCTL = CALLS[platform.machine()]
REMOVE = 0


def made(get, control, *arguments):
    identity = syscall(get, *arguments)
    syscall(control, identity, *(0,) * (control == SEMCTL), REMOVE, 0)  # proof is enough


EVIDENCE = [
    attempt("shmget", made, SHMGET, SHMCTL, KNOWN["key"], 4096, 0o1600),
    attempt("semget", made, SEMGET, SEMCTL, KNOWN["key"], 1, 0o1600),
    attempt("msgget", made, MSGGET, MSGCTL, KNOWN["key"], 0o1600),
]


def unlock(door):
    return EVIDENCE
