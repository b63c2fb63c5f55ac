"""Knocks at the parts of the kernel in which holes are found most often.

Must find every door closed.

outcome: failed
shows: denied
"""

import platform

DOORS = {  # x86_64, aarch64
    "io_uring_setup": (425, 425), "userfaultfd": (323, 282), "bpf": (321, 280),
    "perf_event_open": (298, 241), "add_key": (248, 217), "keyctl": (250, 219),
    "request_key": (249, 218), "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40),
    "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "fsopen": (430, 430),
    "open_tree": (428, 428), "move_mount": (429, 429), "mount_setattr": (442, 442),
    "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104),
    "reboot": (169, 142), "swapon": (167, 224), "acct": (163, 89), "quotactl": (179, 60),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "fanotify_init": (300, 262),
    "inotify_init1": (294, 26), "landlock_create_ruleset": (444, 444), "seccomp": (317, 277),
    "personality": (135, 92), "setuid": (105, 146), "setresuid": (117, 147), "capset": (126, 91),
    "setsid": (112, 157), "setpgid": (109, 154), "sethostname": (170, 161), "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "mlockall": (151, 230),
    "timer_create": (222, 107), "timerfd_create": (283, 85), "signalfd4": (289, 74),
    "mq_open": (240, 180), "io_setup": (206, 0), "splice": (275, 76), "vmsplice": (278, 75),
    "tee": (276, 77), "move_pages": (279, 239), "mbind": (237, 235), "lookup_dcookie": (212, 18),
    "execve": (59, 221), "execveat": (322, 281), "fallocate": (285, 47), "openat2": (437, 437),
    "vfork": (58, 220), "wait4": (61, 260), "socket": (41, 198), "socketpair": (53, 199),
    "process_madvise": (440, 440), "map_shadow_stack": (453, 453), "ioperm": (173, None),
    "iopl": (172, None), "modify_ldt": (154, None), "uselib": (134, None), "not yet": (999, 999),
}  # fmt: skip
COLUMN = {"x86_64": 0, "aarch64": 1}[platform.machine()]
EVIDENCE = {
    name: attempt(name, syscall, numbers[COLUMN], -1, -1, -1, -1, -1, -1)
    for name, numbers in DOORS.items()
    if numbers[COLUMN] is not None
}
OPEN = [line for line in EVIDENCE.values() if "denied" not in line]


def unlock(door):
    return OPEN or f"{len(EVIDENCE)} doors denied"
