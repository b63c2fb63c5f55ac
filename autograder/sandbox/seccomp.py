"""A system call filter for a student's process: a list of what Python and torch need.

Everything else answers EPERM: processes, programs, sockets, signals to others, tracing, shared
memory, mounts, attributes of files. A list of what is allowed fails closed when a kernel learns new
calls, where a list of what is denied does not. The filter is a short BPF program, assembled here
(seccomp(2), <linux/seccomp.h>): libseccomp is not on every machine, and cannot be installed where
nobody is root.

Numbers are those of the kernel's own tables: x86_64, and the generic table that aarch64 uses.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterable, Sequence

ALLOWED: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66),
    "pread64": (17, 67), "pwrite64": (18, 68), "preadv": (295, 69), "pwritev": (296, 70),
    "close": (3, 57), "close_range": (436, 436), "stat": (4, None), "fstat": (5, 80),
    "lstat": (6, None), "newfstatat": (262, 79), "statx": (332, 291), "lseek": (8, 62),
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214),
    "mremap": (25, 216), "madvise": (28, 233), "mincore": (27, 232), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133), "sigaltstack": (131, 132),
    "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439), "pipe": (22, None),
    "pipe2": (293, 59), "select": (23, None), "pselect6": (270, 72), "poll": (7, None),
    "ppoll": (271, 73), "epoll_create1": (291, 20), "epoll_ctl": (233, 21),
    "epoll_wait": (232, None), "epoll_pwait": (281, 22), "eventfd2": (290, 19),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120), "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24),
    "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "gettimeofday": (96, 169), "time": (201, None),
    "times": (100, 153), "getitimer": (36, 102), "setitimer": (38, 103), "alarm": (37, None),
    "pause": (34, None), "getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173),
    "getpgrp": (111, None), "getpgid": (121, 155), "getsid": (124, 156), "getuid": (102, 174),
    "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "getgroups": (115, 158),
    "getresuid": (118, 148), "getresgid": (120, 150), "uname": (63, 160), "flock": (73, 32),
    "fsync": (74, 82), "fdatasync": (75, 83), "getdents64": (217, 61), "getdents": (78, None),
    "getcwd": (79, 17), "chdir": (80, 49), "fchdir": (81, 50), "readlink": (89, None),
    "readlinkat": (267, 78), "getrlimit": (97, 163), "getrusage": (98, 165),
    "sysinfo": (99, 179), "exit": (60, 93), "exit_group": (231, 94), "futex": (202, 98),
    "set_robust_list": (273, 99), "get_robust_list": (274, 100), "set_tid_address": (218, 96),
    "rseq": (334, 293), "membarrier": (324, 283), "getrandom": (318, 278),
    "arch_prctl": (158, None), "restart_syscall": (219, 128), "fadvise64": (221, 223),
    "sendfile": (40, 71), "statfs": (137, 43), "fstatfs": (138, 44), "getcpu": (309, 168),
}  # fmt: skip

WRITING: dict[str, tuple[int | None, int | None]] = {
    "ftruncate": (77, 46), "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276),
    "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35),
    "copy_file_range": (326, 285),
}  # fmt: skip
"""Calls that create or change files: only where Landlock says in which folder.

Not fallocate, with which a disk is full before anybody has looked.
"""

FILTERED: dict[str, tuple[int | None, int | None]] = {
    "open": (2, None), "openat": (257, 56), "tgkill": (234, 131), "kill": (62, 129),
    "prlimit64": (302, 261), "prctl": (157, 167), "ioctl": (16, 29), "fcntl": (72, 25),
    "clone": (56, 220), "clone3": (435, 435), "umask": (95, 166), "mkdir": (83, None),
    "mkdirat": (258, 34),
}  # fmt: skip
"""Calls that are allowed for some of their arguments."""

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, AUDIT_ARCH
_X32_BIT = 0x40000000

# <linux/bpf_common.h>, <linux/seccomp.h>
_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_KILL, _ALLOW = 0x80000000, 0x7FFF0000
_DENY = 0x00050000 | errno.EPERM
_NOT_THERE = 0x00050000 | errno.ENOSYS
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16

_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 36, 37, 38)  # dup, flags, locks; not F_SETOWN and its like
_IOCTL = (0x5401, 0x5413, 0x5421, 0x541B, 0x5450, 0x5451)  # TCGETS, window size, FIO*
_PRCTL = (3, 15, 16, 39, 0x53564D41)  # dumpable?, name, no_new_privs?, naming memory
_CLONE_THREAD = 0x00010000
_O_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class SeccompUnavailable(OSError):
    """The kernel or the architecture has no system call filter that is known here."""


def build(*, threads: bool, writing: bool) -> bytes:
    """The filter for the calling process, whose id it holds: it may signal nobody but itself.

    Args:
        threads: let the process start threads (never processes).
        writing: let it create and change files.

    Raises:
        SeccompUnavailable: on an architecture whose calls are not listed.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise SeccompUnavailable(f"no list of system calls for {machine}")
    column, arch = _ARCHITECTURES[machine]
    pid = os.getpid()
    program = [_load(_ARCH), _jump(_JUMP_EQUAL, arch, 1, 0), _return(_KILL), _load(_NUMBER)]
    if machine == "x86_64":
        program += [_jump(_JUMP_GREATER_EQUAL, _X32_BIT, 0, 1), _return(_KILL)]
    names = ALLOWED | (WRITING if writing else {})
    for numbers in names.values():
        program += _case(numbers[column], [_return(_ALLOW)])
    rules = {
        "fcntl": _one_of(1, _FCNTL),
        "ioctl": _one_of(1, _IOCTL),
        "prctl": _one_of(0, _PRCTL),
        "kill": _one_of(0, (pid,)),
        "tgkill": _one_of(0, (pid,)),
        "prlimit64": _reads_own_limits(pid),
        # The grader must be able to look into every folder, since it may have no more rights.
        "umask": _has_no(0, 0o700),
        "mkdir": _has_all(1, 0o700) if writing else [_return(_DENY)],
        "mkdirat": _has_all(2, 0o700) if writing else [_return(_DENY)],
        "open": _return_all() if writing else _has_no(1, _O_WRITING),
        "openat": _return_all() if writing else _has_no(2, _O_WRITING),
        # glibc takes ENOSYS as the sign to use clone, whose flags can be looked at.
        "clone3": [_return(_NOT_THERE)],
        "clone": _has(0, _CLONE_THREAD) if threads else [_return(_DENY)],
    }
    for name, rule in rules.items():
        program += _case(FILTERED[name][column], rule)
    program.append(_return(_DENY))
    return b"".join(program)


def install(program: bytes) -> None:
    """Puts the calling process under the filter, for good. Needs NO_NEW_PRIVS.

    Raises:
        SeccompUnavailable: when the kernel refuses it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer))
    if libc.prctl(22, 2, ctypes.create_string_buffer(header, len(header)), 0, 0):
        raise SeccompUnavailable(f"seccomp: {os.strerror(ctypes.get_errno())}")


def _case(number: int | None, rule: Sequence[bytes]) -> list[bytes]:
    """The rule for one call; a rule ends the program on every path, so that no jump is long."""
    if number is None:
        return []
    return [_jump(_JUMP_EQUAL, number, 0, len(rule)), *rule]


def _return_all() -> list[bytes]:
    return [_return(_ALLOW)]


def _one_of(argument: int, values: Iterable[int]) -> list[bytes]:
    rule = [_load(_ARGUMENTS + 8 * argument)]
    for value in values:
        rule += [_jump(_JUMP_EQUAL, value, 0, 1), _return(_ALLOW)]
    return [*rule, _return(_DENY)]


def _has(argument: int, bit: int) -> list[bytes]:
    load = _load(_ARGUMENTS + 8 * argument)
    return [load, _jump(_JUMP_SET, bit, 0, 1), _return(_ALLOW), _return(_DENY)]


def _has_all(argument: int, bits: int) -> list[bytes]:
    load = _load(_ARGUMENTS + 8 * argument)
    tests = [
        instruction
        for bit in range(32)
        if bits & 1 << bit
        for instruction in (_jump(_JUMP_SET, 1 << bit, 1, 0), _return(_DENY))
    ]
    return [load, *tests, _return(_ALLOW)]


def _has_no(argument: int, bits: int) -> list[bytes]:
    load = _load(_ARGUMENTS + 8 * argument)
    return [load, _jump(_JUMP_SET, bits, 0, 1), _return(_DENY), _return(_ALLOW)]


def _reads_own_limits(pid: int) -> list[bytes]:
    """prlimit64(0 or itself, …, new=NULL, …)."""
    deny = _return(_DENY)
    return [
        _load(_ARGUMENTS),
        _jump(_JUMP_EQUAL, 0, 2, 0),
        _jump(_JUMP_EQUAL, pid, 1, 0),
        deny,
        _load(_ARGUMENTS + 16),
        _jump(_JUMP_EQUAL, 0, 1, 0),
        deny,
        _load(_ARGUMENTS + 20),
        _jump(_JUMP_EQUAL, 0, 1, 0),
        deny,
        _return(_ALLOW),
    ]


def _load(offset: int) -> bytes:
    return struct.pack("<HBBI", _LOAD, 0, 0, offset)


def _jump(test: int, value: int, then: int, otherwise: int) -> bytes:
    return struct.pack("<HBBI", test, then, otherwise, value)


def _return(action: int) -> bytes:
    return struct.pack("<HBBI", _RETURN, 0, 0, action)
