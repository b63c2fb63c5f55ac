"""Has the kernel send a signal to its parent: when there is something to read, or when asked to.

Must not be able to.

outcome: failed
shows: denied
control: seccomp+landlock
"""

import fcntl
import os
import platform
import signal

QUEUE, TGQUEUE, TKILL, TGKILL = {
    "x86_64": (129, 297, 200, 234), "aarch64": (138, 240, 130, 131)
}[platform.machine()]
F_SETOWN, F_SETSIG, F_SETOWN_EX, F_NOTIFY, F_SETLEASE = 8, 10, 15, 1026, 1024


def own(command, argument):
    reader, writer = os.pipe()
    try:
        return fcntl.fcntl(reader, command, argument)
    finally:
        os.close(reader)
        os.close(writer)


PARENT = os.getppid()
INFO = ctypes.create_string_buffer(128)
EVIDENCE = [
    attempt("F_SETOWN", own, F_SETOWN, PARENT),
    attempt("F_SETSIG", own, F_SETSIG, signal.SIGKILL),
    attempt("F_SETOWN_EX", own, F_SETOWN_EX, bytes(8)),
    attempt("F_SETLEASE", own, F_SETLEASE, 0),
    attempt("F_NOTIFY", own, F_NOTIFY, 0),
    attempt("rt_sigqueueinfo", syscall, QUEUE, PARENT, 0, INFO),
    attempt("rt_tgsigqueueinfo", syscall, TGQUEUE, PARENT, PARENT, 0, INFO),
    attempt("tkill", syscall, TKILL, PARENT, 0),
    attempt("tgkill", syscall, TGKILL, PARENT, PARENT, 0),
]


def unlock(door):
    return EVIDENCE
