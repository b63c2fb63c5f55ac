"""What every attacker has at hand; runs as the first cell of each submission, after `KNOWN`.

`KNOWN` tells more than a student could find out: where the solution, the results and the other
submissions are, the grader's process id, a port that listens, a name to leave traces under.
"""

import ctypes
import errno
import os

REFUSALS = (errno.EPERM, errno.EACCES, errno.EAGAIN, errno.ENOMEM, errno.EFBIG, errno.EXDEV)


def attempt(what, do, *arguments):
    """Evidence: whether the system let it happen. Anything but a refusal is a fault of the attack."""
    try:
        result = do(*arguments)
    except OSError as error:
        return f"{what}: {'denied' if error.errno in REFUSALS else 'odd'} ({error})"
    return f"{what}: through ({str(result)[:80]})"


def syscall(number, *arguments):
    """A system call past every library; raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    result = libc.syscall(ctypes.c_long(number), *arguments)
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def with_secret(text, door):
    """The right answer, from a text in which the solution's numbers stand."""
    numbers = dict(line.split(" = ") for line in text.splitlines() if line[:7] in ("FACTOR ", "OFFSET "))
    return door * float(numbers["FACTOR"]) + float(numbers["OFFSET"])
