"""Attaches to its parent and to the grader, reads their memory, takes their descriptors.

Must not be able to.

outcome: failed
shows: denied
"""

import os
import platform

X86 = platform.machine() == "x86_64"
PTRACE, PROCESS_VM_READV, PIDFD_OPEN = (101, 310, 434) if X86 else (117, 270, 434)
PIDFD_GETFD, KCMP, PROCESS_MADVISE = 438, 312 if X86 else 272, 440
ATTACH, SEIZE, TRACEME = 16, 0x4206, 0

EVIDENCE = [attempt("traceme", syscall, PTRACE, TRACEME, 0, 0, 0)]
for process in (os.getppid(), KNOWN["grader"]):
    EVIDENCE += [
        attempt("attach", syscall, PTRACE, ATTACH, process, 0, 0),
        attempt("seize", syscall, PTRACE, SEIZE, process, 0, 0),
        attempt("process_vm_readv", syscall, PROCESS_VM_READV, process, 0, 0, 0, 0, 0),
        attempt("pidfd_open", syscall, PIDFD_OPEN, process, 0),
        attempt("pidfd_getfd", syscall, PIDFD_GETFD, 0, 0, 0),
        attempt("kcmp", syscall, KCMP, process, process, 0, 0, 0),
    ]


def unlock(door):
    return EVIDENCE
