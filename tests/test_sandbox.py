"""The sandbox itself: what holds it together, what students may do in it, and how it ends."""

from __future__ import annotations

import json
import os
import platform
import re
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import kit
import psutil
import pytest
from siege import CHECKS, LIMITS, PATIENCE, SOLUTION

from autograder.assignment import Assignment
from autograder.errors import SandboxRefused
from autograder.grading import Grader
from autograder.sandbox import folders, landlock
from autograder.sandbox.host import StudentGone, StudentProcess, missing_layers, open_sandbox
from autograder.sandbox.launch import ZygoteProcess, start_zygote
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import StudentSession
from autograder.sandbox.wire import Call, Raised

if not sys.platform.startswith("linux"):
    pytest.skip("needs Linux, where the sandbox is", allow_module_level=True)

from autograder.sandbox import confine, seccomp
from autograder.sandbox.confined import ConfinedSandbox

REQUIRED = ("limits", "no_new_privs", "landlock", "seccomp")
PATIENT = replace(LIMITS, call_seconds=PATIENCE, load_seconds=PATIENCE, statement_seconds=PATIENCE)
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def zygote() -> Iterator[ZygoteProcess]:
    """One for all sandboxes here: each student's process takes its layers by itself."""
    zygote = start_zygote(LIMITS.packages)
    yield zygote
    zygote.close()


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return kit.write_assignment(tmp_path_factory.mktemp("sandbox"), "vault", SOLUTION, CHECKS)


def sandbox_of(zygote: ZygoteProcess, *without: str, limits: Limits = PATIENT) -> ConfinedSandbox:
    # A user of its own stands in for some layers, where it can be taken.
    left_out = frozenset({*without, "own_uid"} if without else ())
    return ConfinedSandbox(limits, zygote=zygote, without=left_out, allow_weaker=bool(without))


def session_of(sandbox: Any, source: str) -> StudentSession:
    return StudentSession(
        sandbox,
        [("", 1, textwrap.dedent(source))],
        module="student",
        prelude=[],
        limits=sandbox.limits,
        seed=0,
    )


def inside(sandbox: Any, source: str) -> Any:
    """What ``act()`` of a source returns in a student's process."""
    session = session_of(sandbox, source)
    try:
        answer = session.answer(Call("act"), 0)
    finally:
        session.close()
    if isinstance(answer, Raised):
        pytest.fail(f"{answer.types[0]}: {answer.message}, {session.failures}")
    return answer.value


def assert_ends(pidfd: int) -> None:
    """Waits until a process has ended; fails after a while."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    assert poll.poll(PATIENCE * 1000), "it lives on"
    os.close(pidfd)


# Layers


def test_layers_are_told_before_anything_of_a_student_is_sent(zygote: ZygoteProcess) -> None:
    process = sandbox_of(zygote).start()  # and nothing else
    layers = dict(process.layers)
    process.close()

    assert set(layers) == {*REQUIRED, "own_uid"}
    assert all(layers[layer].startswith("in force") for layer in REQUIRED), layers
    assert missing_layers(layers) == []


@pytest.mark.parametrize("layer", REQUIRED)
def test_a_missing_layer_is_a_refusal(zygote: ZygoteProcess, layer: str) -> None:
    strict = ConfinedSandbox(LIMITS, zygote=zygote, without=frozenset({layer, "own_uid"}))

    with pytest.raises(SandboxRefused, match=rf"{layer} \(missing: switched off\)") as refused:
        strict.start()

    assert "nothing was graded" in str(refused.value)
    assert "--allow-weaker-sandbox" in str(refused.value)


def test_a_refusal_grades_nothing(vault: Assignment) -> None:
    submission = kit.script(SOLUTION)
    without = frozenset({"seccomp"})

    with pytest.raises(SandboxRefused, match="seccomp"):
        Grader(vault, seed=1, without_layers=without).grade(submission)
    with Grader(vault, seed=1, without_layers=without, allow_weaker=True) as grader:
        report = grader.grade(submission)

    assert report.score == report.max_score
    assert report.sandbox is not None
    assert report.sandbox.profile == "weaker"
    assert report.sandbox.layers["seccomp"] == "missing: switched off"
    assert any("network" in sentence for sentence in report.sandbox.lost)


@pytest.mark.parametrize("layer", REQUIRED)
def test_what_is_lost_is_told(zygote: ZygoteProcess, layer: str) -> None:
    sandbox = sandbox_of(zygote, layer)
    process = sandbox.start()
    layers = dict(process.layers)
    process.close()

    assert sandbox.profile == "weaker"
    assert layers[layer] == "missing: switched off"
    assert any(layer in line for line in missing_layers(layers))


ALL_IN_FORCE = dict.fromkeys((*REQUIRED, "own_uid"), "in force")


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({}, []),
        ({"landlock": "missing: old"}, []),
        ({"own_uid": "missing: not root"}, []),
        ({"landlock": "in force (version 3)", "own_uid": "missing: not root"}, []),
        ({"landlock": "missing: old", "own_uid": "missing: not root"}, ["landlock"]),
        ({"landlock": "missing: old", "own_uid": "in force, but folders are open"}, ["landlock"]),
        ({"limits": "missing: x"}, ["limits"]),
        ({"seccomp": "missing: x", "no_new_privs": "missing: y"}, ["no_new_privs", "seccomp"]),
        ({"seccomp": "in force, and no file can be written"}, []),
    ],
)
def test_which_layers_are_required(changed: Mapping[str, str], missing: Sequence[str]) -> None:
    found = missing_layers({**ALL_IN_FORCE, **changed})

    assert [line.split()[0] for line in found] == missing


def test_a_layer_that_is_not_reported_is_missing() -> None:
    assert len(missing_layers({})) == 4


def test_privileges_are_given_up(zygote: ZygoteProcess) -> None:
    source = """
        import re
        def act():
            status = open("/proc/self/status").read()
            return re.findall(r"^(?:NoNewPrivs|CapEff|CapPrm):\\t(.*)$", status, re.M)
        """
    # Without the two layers that keep it from looking.
    assert inside(sandbox_of(zygote, "landlock", "seccomp"), source) == ["0" * 16, "0" * 16, "1"]
    effective, _, no_new = inside(sandbox_of(zygote, "landlock", "seccomp", "no_new_privs"), source)
    assert no_new == "0"
    if os.geteuid() == 0:
        assert int(effective, 16) > 0


# A user of its own


def test_nobody_but_root_can_take_another_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert confine.own_uid_for([], Path("/tmp/run")) == "not root"


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    confine._lets_through.cache_clear()
    yield
    confine._lets_through.cache_clear()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Unlike pytest's own, one that every user can reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.usefixtures("as_root")
def test_a_user_of_its_own_needs_a_python_that_it_can_read(open_folder: Path) -> None:
    library, run = open_folder / "python" / "os.py", open_folder / "run"
    library.parent.mkdir()
    library.write_text("")
    library.chmod(0o644)  # as files are: nobody needs to run them

    assert confine.own_uid_for([library, open_folder / "not there"], run) == ""

    library.parent.chmod(0o750)
    confine._lets_through.cache_clear()
    assert "Python lives in a folder that is closed" in confine.own_uid_for([library], run)

    link = open_folder / "link.py"
    link.symlink_to(library)
    assert "closed" in confine.own_uid_for([link], run)

    library.parent.chmod(0o755)
    library.chmod(0o600)
    confine._lets_through.cache_clear()
    assert "closed" in confine.own_uid_for([library], run)


@pytest.mark.usefixtures("as_root")
def test_a_user_of_its_own_needs_a_folder_that_it_can_reach(open_folder: Path) -> None:
    closed = open_folder / "tmp"
    closed.mkdir(mode=0o700)

    assert "temporary files" in confine.own_uid_for([], closed / "run")


def test_a_user_of_its_own_is_taken_where_python_can_be_reached(open_folder: Path) -> None:
    told = json.loads(_as_reachable_python(open_folder, OWN_UID))

    closed, opened, alone = told
    assert closed["layers"]["own_uid"] == "in force"
    assert closed["user"] not in (0, os.getuid())
    assert closed["groups"] == []
    assert closed["made"] == "written"
    assert opened["layers"]["own_uid"] == "in force, but the grader's folders are open to it"
    # What Landlock would have hidden, the rights of files hide as well.
    assert alone["layers"]["landlock"] == "missing: switched off"
    assert alone["profile"] == "confined"
    assert alone["closed"].startswith("denied")
    assert alone["opened"] == "through"


OWN_UID = """
import json, sys
from pathlib import Path
from autograder.sandbox.confined import ConfinedSandbox
from autograder.sandbox.launch import start_zygote
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import StudentSession
from autograder.sandbox.wire import Call

folder = Path(sys.argv[1])
for name, mode in (("closed", 0o711), ("opened", 0o755)):
    (folder / name).mkdir()
    (folder / name / "checks.py").write_text("secret")
    (folder / name / "checks.py").chmod(0o600 if name == "closed" else 0o644)
(folder / "closed").chmod(0o700)
source = '''
import os
def read(path):
    try:
        return "through" if open(path).read() else ""
    except OSError as error:
        return f"denied {error.errno}"
def act(folder):
    with open("made", "w") as file:
        file.write("written")
    return {
        "user": os.getuid(), "groups": os.getgroups(), "made": open("made").read(),
        "closed": read(folder + "/closed/checks.py"), "opened": read(folder + "/opened/checks.py"),
    }
'''
zygote = start_zygote(Limits().packages)
told = []
for name, without in (("closed", ()), ("opened", ()), ("closed", ("landlock",))):
    sandbox = ConfinedSandbox(
        Limits(), closed=[folder / name], zygote=zygote, without=frozenset(without)
    )
    session = StudentSession(
        sandbox, [("", 1, source)], module="m", prelude=[], limits=Limits(), seed=0
    )
    answer = session.answer(Call("act", (str(folder),)), 0)
    session.close()
    told.append({"layers": session.layers, "profile": sandbox.profile, **answer.value})
zygote.close()
print(json.dumps(told))
"""


def _as_reachable_python(folder: Path, script: str) -> str:
    """Runs a script as root with a Python that every user can read."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become somebody else")
    python = _reachable_python(folder)
    run = subprocess.run(
        [python, "-c", script, folder],
        capture_output=True,
        text=True,
        timeout=6 * PATIENCE,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def _reachable_python(folder: Path) -> Path:
    stdlib = Path(sysconfig.get_path("stdlib"), "os.py")
    site = Path(sysconfig.get_path("purelib"))
    confine._lets_through.cache_clear()
    if confine.own_uid_for([stdlib, site / "torch"], folder) == "":
        return Path(sys.executable)
    # Another interpreter of the same version can use the same packages.
    other = Path(f"/usr/bin/python3.{sys.version_info.minor}")
    if not other.exists() or confine.own_uid_for([site / "torch", ROOT / "autograder"], folder):
        pytest.skip("needs a Python that other users can reach")
    venv = folder / "venv"
    subprocess.run([other, "-m", "venv", "--without-pip", venv], check=True, capture_output=True)
    packages = venv / "lib" / other.name / "site-packages"
    packages.rmdir()
    packages.symlink_to(site)
    return venv / "bin" / "python"


# The system call filter

# Numbers on x86_64 and aarch64; where one is None, there is no such call.
CLASSES: dict[str, dict[str, tuple[int | None, int | None]]] = {
    "processes": {
        "fork": (57, None), "vfork": (58, None), "clone": (56, 220), "wait4": (61, 260),
        "waitid": (247, 95), "setsid": (112, 157), "setpgid": (109, 154),
    },
    "programs": {"execve": (59, 221), "execveat": (322, 281), "uselib": (134, None)},
    "sockets": {
        "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200),
        "listen": (50, 201), "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206),
        "recvfrom": (45, 207), "sendmsg": (46, 211), "recvmsg": (47, 212), "shutdown": (48, 210),
    },
    "signals": {
        "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
        "pidfd_send_signal": (424, 424), "signalfd4": (289, 74), "timer_create": (222, 107),
        "timerfd_create": (283, 85),
    },
    "other processes": {
        "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
        "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
        "process_madvise": (440, 440), "move_pages": (279, 239), "migrate_pages": (256, 238),
        "setpriority": (141, 140), "sched_setaffinity": (203, 122), "sched_setattr": (314, 274),
        "sched_setscheduler": (144, 119), "sched_setparam": (142, 118), "ioprio_set": (251, 30),
    },
    "limits": {"setrlimit": (160, 164)},
    "shared memory": {
        "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
        "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190), "semop": (65, 193),
        "msgget": (68, 186), "msgsnd": (69, 189), "mq_open": (240, 180), "mlock": (149, 228),
        "mlock2": (325, 284), "mlockall": (151, 230), "mbind": (237, 235),
    },
    "mounts": {
        "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
        "unshare": (272, 97), "setns": (308, 268), "fsopen": (430, 430), "fsmount": (432, 432),
        "open_tree": (428, 428), "move_mount": (429, 429), "mount_setattr": (442, 442),
    },
    "attributes": {
        "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
        "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
        "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
        "removexattr": (197, 14), "utime": (132, None), "utimes": (235, None),
        "utimensat": (280, 88), "futimesat": (261, None),
    },
    "links and devices": {
        "link": (86, None), "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36),
        "mknod": (133, None), "mknodat": (259, 33),
    },
    "files by other ways": {
        "creat": (85, None), "openat2": (437, 437), "open_by_handle_at": (304, 265),
        "name_to_handle_at": (303, 264), "truncate": (76, 45), "fallocate": (285, 47),
        "splice": (275, 76), "tee": (276, 77), "vmsplice": (278, 75), "sync": (162, 81),
        "syncfs": (306, 267), "inotify_init1": (294, 26), "fanotify_init": (300, 262),
        "fanotify_mark": (301, 263), "quotactl": (179, 60), "acct": (163, 89),
    },
    "users": {
        "setuid": (105, 146), "setgid": (106, 144), "setreuid": (113, 145), "setresuid": (117, 147),
        "setresgid": (119, 149), "setgroups": (116, 159), "setfsuid": (122, 151),
        "capset": (126, 91), "personality": (135, 92),
    },
    "the kernel": {
        "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_setup": (206, 0),
        "userfaultfd": (323, 282), "bpf": (321, 280), "perf_event_open": (298, 241),
        "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
        "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
        "kexec_load": (246, 104), "reboot": (169, 142), "swapon": (167, 224),
        "syslog": (103, 116), "sethostname": (170, 161), "settimeofday": (164, 170),
        "clock_settime": (227, 112), "adjtimex": (159, 171), "iopl": (172, None),
        "ioperm": (173, None), "modify_ldt": (154, None), "seccomp": (317, 277),
        "landlock_create_ruleset": (444, 444), "landlock_restrict_self": (446, 446),
        "map_shadow_stack": (453, 453), "a call that no kernel has yet": (4095, 4095),
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def answers_of_kernel(zygote: ZygoteProcess) -> Mapping[str, int]:
    """What each call of `CLASSES` ends with in a student's process, all arguments being -1."""
    column = {"x86_64": 0, "aarch64": 1}[platform.machine()]
    calls = {
        name: numbers[column]
        for calls in CLASSES.values()
        for name, numbers in calls.items()
        if numbers[column] is not None
    }
    source = f"""
        import ctypes
        def act():
            libc = ctypes.CDLL(None, use_errno=True)
            errors = {{}}
            for name, number in {calls!r}.items():
                ctypes.set_errno(0)
                result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6)
                errors[name] = ctypes.get_errno() if result == -1 else 0
            return errors
        """
    return inside(sandbox_of(zygote), source)  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", CLASSES)
def test_calls_are_denied(answers_of_kernel: Mapping[str, int], name: str) -> None:
    found = {call: answers_of_kernel.get(call, 1) for call in CLASSES[name]}

    assert found == dict.fromkeys(CLASSES[name], 1)  # EPERM


FILTERED_CALLS = """
import ctypes, errno, fcntl, os, resource, signal, termios

def tried(what, do, *arguments):
    try:
        do(*arguments)
    except ValueError:  # what the module makes of EPERM
        return errno.EPERM
    except OSError as error:
        return error.errno
    return 0

LIBC = ctypes.CDLL(None, use_errno=True)

def prctl(*arguments):
    if LIBC.prctl(*arguments) == -1:
        raise OSError(ctypes.get_errno(), "")

def control(command):
    fcntl.ioctl(1, command, b"x")

def act():
    reader, writer = os.pipe()
    me, parent = os.getpid(), os.getppid()
    return {
        "F_GETFL": tried("", fcntl.fcntl, reader, fcntl.F_GETFL),
        "F_DUPFD_CLOEXEC": tried("", fcntl.fcntl, reader, fcntl.F_DUPFD_CLOEXEC, 0),
        "F_SETOWN": tried("", fcntl.fcntl, reader, fcntl.F_SETOWN, me),
        "F_SETSIG": tried("", fcntl.fcntl, reader, 10, 0),
        "F_SETLEASE": tried("", fcntl.fcntl, reader, 1024, 0),
        "F_SETPIPE_SZ": tried("", fcntl.fcntl, reader, 1031, 2**20),
        "F_ADD_SEALS": tried("", fcntl.fcntl, reader, 1033, 0),
        "FIONREAD": tried("", fcntl.ioctl, reader, termios.FIONREAD, bytes(4)),
        "TIOCSTI": tried("", control, termios.TIOCSTI),
        "TIOCSCTTY": tried("", control, termios.TIOCSCTTY),
        "FIOASYNC": tried("", control, termios.FIOASYNC),
        "FICLONE": tried("", control, 0x40049409),
        "PR_SET_NAME": tried("", prctl, 15, b"me"),
        "PR_SET_PDEATHSIG": tried("", prctl, 1, 0),
        "PR_SET_DUMPABLE": tried("", prctl, 4, 1),
        "PR_SET_PTRACER": tried("", prctl, 0x59616D61, -1),
        "PR_SET_SECCOMP": tried("", prctl, 22, 2, 0),
        "PR_SET_MM": tried("", prctl, 35, 1, 0, 0, 0),
        "a signal to itself": tried("", os.kill, me, 0),
        "a signal to its parent": tried("", os.kill, parent, 0),
        "a signal to its group": tried("", os.kill, 0, 0),
        "a signal to all": tried("", os.kill, -1, 0),
        "own limits": tried("", resource.getrlimit, resource.RLIMIT_AS),
        "own limits changed": tried("", resource.setrlimit, resource.RLIMIT_CORE, (0, 0)),
        "parent's limits": tried("", resource.prlimit, parent, resource.RLIMIT_AS),
        "a folder": tried("", os.mkdir, "one", 0o700),
        "a closed folder": tried("", os.mkdir, "two", 0o600),
        "umask": tried("", os.umask, 0o077),
        "a closing umask": tried("", os.umask, 0o777),
    }
"""
OPEN_TO_STUDENTS = {
    "F_GETFL", "F_DUPFD_CLOEXEC", "FIONREAD", "PR_SET_NAME", "a signal to itself", "own limits",
    "a folder", "umask",
}  # fmt: skip


def test_calls_are_denied_by_their_arguments(zygote: ZygoteProcess) -> None:
    found = inside(sandbox_of(zygote), FILTERED_CALLS)

    assert {name for name, error in found.items() if error == 0} == OPEN_TO_STUDENTS
    assert set(found.values()) == {0, 1}  # EPERM


def test_where_nothing_says_in_which_folder_no_file_can_be_made() -> None:
    """As on a kernel without Landlock: the filter alone, in a process of its own."""
    script = """
import os
from autograder.sandbox import seccomp
import ctypes
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
seccomp.install(seccomp.build(threads=False, writing=False))
def denied(do, *arguments):
    try:
        do(*arguments)
    except PermissionError:
        return True
    return False
print(all([
    denied(open, "/tmp/x", "w"), denied(open, "/dev/null", "r+"),
    denied(os.open, "/tmp", os.O_TMPFILE | os.O_RDWR), denied(os.mkdir, "/tmp/y"),
    denied(os.unlink, "/tmp/z"), denied(os.rename, "/tmp/a", "/tmp/b"),
    denied(os.truncate, "/tmp/a", 0), not denied(open, "/dev/null"),
]), flush=True)
os._exit(0)
"""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert run.stdout == "True\n", run.stderr


def test_numbers_are_those_of_the_kernels_headers() -> None:
    headers = {
        "x86_64": (0, Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")),
        "aarch64": (1, Path("/usr/include/asm-generic/unistd.h")),
    }
    tables = {name: (column, path) for name, (column, path) in headers.items() if path.exists()}
    if not tables:
        pytest.skip("needs the kernel's headers")
    ours = {**seccomp.ALLOWED, **seccomp.WRITING, **seccomp.FILTERED}
    for column, path in tables.values():
        found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", path.read_text())
        theirs = {name: int(number) for name, number in found}
        theirs = {**theirs, "newfstatat": theirs.get("newfstatat", theirs.get("fstatat", -1))}
        for name, numbers in ours.items():
            number = numbers[column]
            if number is not None and name in theirs:
                assert theirs[name] == number, (name, path)
        known = {name for name in ours if ours[name][column] is not None}
        assert len(known & theirs.keys()) > 0.9 * len(known)  # the newest may not be in there


def test_an_unknown_architecture_has_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "pdp11")

    with pytest.raises(seccomp.SeccompUnavailable, match="pdp11"):
        seccomp.build(threads=False, writing=True)


def test_an_old_landlock_is_no_landlock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: 2)

    with pytest.raises(landlock.LandlockUnavailable, match="version 2, and 3 is needed"):
        landlock.restrict([], tmp_path)


# What students need

ALLOWED = {
    "files": """
        import os, pathlib, shutil
        def act():
            with open("a.txt", "w") as file:
                file.write("text")
            os.makedirs("sub/sub")
            shutil.copyfile("a.txt", "sub/b.txt")
            os.rename("a.txt", "c.txt")
            pathlib.Path("c.txt").unlink()
            text = pathlib.Path("sub/b.txt").read_text()
            shutil.rmtree("sub")
            return text == "text" and os.listdir() == []
        """,
    "saving and loading": """
        import io, torch
        from torch import nn
        def act():
            model = nn.LSTM(2, 3)
            torch.save(model.state_dict(), "model.pt")
            model.load_state_dict(torch.load("model.pt"))
            torch.save(torch.ones(2), buffer := io.BytesIO())
            buffer.seek(0)
            return bool(torch.load(buffer).sum() == 2)
        """,
    "numpy": """
        import numpy as np
        def act():
            np.save("a.npy", np.arange(4))
            np.savez("b.npz", x=np.eye(2))
            rng = np.random.default_rng(0)
            return bool(np.load("a.npy").sum() == 6 and np.load("b.npz")["x"].trace() == 2
                        and rng.normal(size=3).shape == (3,) and np.linalg.inv(np.eye(2)).any())
        """,
    "temporary files": """
        import os, tempfile
        def act():
            with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile() as file:
                open(os.path.join(folder, "x"), "w").close()
                file.write(b"x")
            with tempfile.TemporaryFile() as file:
                file.write(b"y")
            return os.listdir() == []
        """,
    "time and chance": """
        import calendar, datetime, random, secrets, time, uuid
        def act():
            started = time.perf_counter()
            time.sleep(0.001)
            random.seed(1)
            return (time.perf_counter() > started and datetime.datetime.now().year > 2000
                    and time.localtime().tm_year > 2000 and 0 <= random.random() < 1
                    and len(uuid.uuid4().hex) == 32 and len(secrets.token_hex(4)) == 8
                    and time.process_time() > 0)
        """,
    "the standard library": """
        import argparse, base64, bisect, collections, copy, csv, dataclasses, decimal, enum
        import fractions, functools, hashlib, heapq, inspect, io, itertools, json, logging
        import math, operator, pickle, platform, pprint, queue, re, sqlite3, statistics, string
        import struct, textwrap, threading, traceback, typing, unicodedata, warnings, zipfile, zlib
        def act():
            logging.basicConfig()
            logging.warning("heard")
            warnings.warn("heard")
            threading.Lock().acquire()
            with zipfile.ZipFile("a.zip", "w") as file:
                file.writestr("b", "c")
            with sqlite3.connect("a.db") as base:
                base.execute("create table t(x)")
            return hashlib.sha256(b"").hexdigest()[:4] == "e3b0" and platform.system() == "Linux"
        """,
    "every optimiser": """
        import torch
        def act():
            names = []
            for name, kind in vars(torch.optim).items():
                if not isinstance(kind, type) or not issubclass(kind, torch.optim.Optimizer):
                    continue
                if kind in (torch.optim.Optimizer, torch.optim.SparseAdam):
                    continue
                weight = torch.nn.Parameter(torch.ones(2, 2))
                optimizer = kind([weight])
                def closure():
                    optimizer.zero_grad()
                    loss = (weight**2).sum()
                    loss.backward()
                    return loss
                optimizer.step(closure)
                torch.optim.lr_scheduler.StepLR(optimizer, 1).step()
                if float((weight**2).sum()) >= 4:
                    return name
                names.append(name)
            return {"Adam", "AdamW", "SGD", "RMSprop", "LBFGS"} <= set(names)
        """,
    "layers": """
        import torch
        from torch import nn
        import torch.nn.functional as F
        def act():
            x = torch.randn(3, 4, 8, requires_grad=True)
            outputs = [
                nn.LSTM(8, 5, 2)(x)[0], nn.GRU(8, 5)(x)[0], nn.RNN(8, 5)(x)[0],
                nn.Conv1d(4, 2, 3)(x), nn.Conv2d(1, 2, 3, padding=1)(x[:, None]),
                nn.TransformerEncoderLayer(8, 2, 16)(x), nn.MultiheadAttention(8, 2)(x, x, x)[0],
                nn.Embedding(9, 4)(torch.arange(3)), nn.BatchNorm1d(4)(x), nn.LayerNorm(8)(x),
                nn.Dropout()(x), F.softmax(x, -1), F.max_pool1d(x, 2),
                F.scaled_dot_product_attention(x, x, x), nn.Bilinear(8, 8, 2)(x, x),
            ]
            sum(output.sum() for output in outputs).backward()
            return x.grad is not None
        """,
    "mathematics": """
        import torch
        def act():
            a = torch.eye(3) + 0.1
            values = [
                torch.linalg.inv(a), torch.linalg.svd(a)[1], torch.linalg.eigh(a)[0],
                torch.linalg.qr(a)[0], torch.linalg.cholesky(a), torch.fft.fft(a).abs(),
                torch.fft.rfft2(a).abs(), torch.einsum("ij,jk", a, a), torch.cdist(a, a),
                torch.vmap(torch.sum)(a), torch.func.grad(lambda x: (x**2).sum())(a),
                torch.autograd.functional.jacobian(torch.sum, a), torch.special.erf(a),
                torch.stft(torch.ones(64), 16, window=torch.ones(16), return_complex=True).abs(),
            ]
            return all(bool(torch.isfinite(value).all()) for value in values)
        """,
    "data": """
        import torch
        from torch.utils.checkpoint import checkpoint
        from torch.utils.data import DataLoader, TensorDataset, random_split
        def act():
            data = TensorDataset(torch.arange(8.0), torch.arange(8))
            one, two = random_split(data, [6, 2])
            batches = list(DataLoader(one, batch_size=2, shuffle=True, num_workers=0))
            x = torch.ones(2, requires_grad=True)
            checkpoint(torch.tanh, x, use_reentrant=False).sum().backward()
            return len(batches) == 3 and x.grad is not None
        """,
    "threads asked for": """
        import torch
        def act():
            torch.set_num_threads(8)
            a = torch.randn(512, 512)
            return bool(torch.isfinite(a @ a).all())
        """,
    "tools of torch": """
        import torch
        from torch.profiler import profile
        def act():
            torch.manual_seed(1)
            torch.use_deterministic_algorithms(True)
            with torch.autograd.set_detect_anomaly(True), torch.inference_mode():
                torch.ones(2) + 1
            scripted = torch.jit.script(lambda_free)
            return float(scripted(torch.ones(1))) == 2 and str(torch.__config__.show()) != ""
        def lambda_free(x: torch.Tensor) -> torch.Tensor:
            return x + 1
        """,
    "nobody to ask": """
        def act():
            try:
                input("Your name? ")
            except EOFError:
                return True
        """,
}


@pytest.mark.parametrize("source", ALLOWED.values(), ids=ALLOWED)
def test_students_may(zygote: ZygoteProcess, source: str) -> None:
    assert inside(sandbox_of(zygote), source) is True


def test_students_may_draw_pictures(zygote: ZygoteProcess) -> None:
    sandbox = sandbox_of(zygote)
    sandbox.preload(["matplotlib.pyplot"])

    assert inside(
        sandbox,
        """
        import os
        import matplotlib.pyplot as plt
        import torch
        def act():
            figure, axes = plt.subplots()
            axes.plot(torch.arange(4), label="loss")
            axes.imshow(torch.eye(4))
            axes.legend()
            plt.show()
            plt.savefig("loss.png")
            return os.path.getsize("loss.png") > 1000
        """,
    )


def test_threads_where_they_are_allowed(zygote: ZygoteProcess) -> None:
    source = """
        import os, threading
        def act():
            found = []
            try:
                thread = threading.Thread(target=found.append, args=(1,))
                thread.start()
                thread.join()
            except RuntimeError:
                found.append("no thread")
            try:
                os.fork() or os._exit(0)
            except PermissionError:
                found.append("no process")
            return found
        """
    with_threads = sandbox_of(zygote, limits=replace(PATIENT, threads=True))

    assert inside(with_threads, source) == [1, "no process"]
    assert inside(sandbox_of(zygote), source) == ["no thread", "no process"]


@pytest.mark.parametrize("module", ["pandas", "pytest", "hypothesis", "autograder.checks", "nltk"])
def test_a_refused_import_tells_which_packages_there_are(
    zygote: ZygoteProcess, module: str
) -> None:
    session = session_of(sandbox_of(zygote), f"import {module}\ndef act():\n    return 1\n")
    session.load()
    session.close()

    (failure,) = session.failures
    assert failure.message.startswith("ModuleNotFoundError")
    if not module.startswith("autograder"):  # the kit's name means something in a notebook
        for package in LIMITS.packages:
            assert package in failure.message


def test_the_kits_check_does_nothing_while_it_is_graded(zygote: ZygoteProcess) -> None:
    assert inside(
        sandbox_of(zygote),
        "import autograder\nfrom autograder import check\ndef act():\n    return check('x') == 0.0",
    )


# Deadlines and ends


def test_a_submission_without_time_is_not_started() -> None:
    class Nowhere:
        limits = Limits(submission_seconds=0)

        def start(self) -> StudentProcess:
            raise AssertionError("it was started")

    session = session_of(Nowhere(), "")

    for _ in range(2):
        with pytest.raises(StudentGone, match="all of its time") as gone:
            session.answers("a check", 0)
        assert gone.value.kind == "timeout"


def test_time_runs_out_although_there_is_always_more_to_read(zygote: ZygoteProcess) -> None:
    """Reports of progress, faster than the grader can read them, for as long as it lets them."""
    flood = session_of(
        sandbox_of(zygote, limits=replace(LIMITS, load_seconds=1.0)),
        """
        import os, signal, struct, sys
        def flood():
            signal.setitimer(signal.ITIMER_REAL, 0)
            frame = sys._getframe()
            while frame.f_code.co_name != "serve":
                frame = frame.f_back
            tree = b'[["at",0,0,[' + b",".join([b"{}"] * 100_000) + b']],[]]'
            header = struct.pack("<4sQII", b"ohl1", frame.f_locals["nonce"], len(tree), 0)
            for _ in range(2_000):  # some fifty seconds of the grader's
                os.write(4, header)
                view = memoryview(tree)
                while view:
                    view = view[os.write(4, view):]
        flood()
        """,
    )

    flood.load()  # a second process, in which that statement is left out

    assert [failure.message for failure in flood.failures] == ["it did not finish in time"]
    flood.close()


ENDLESS = """
    import os, signal
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    def act():
        while True:
            pass
    """


def test_who_kills_the_zygote_takes_its_students_along() -> None:
    zygote = start_zygote(LIMITS.packages)
    sandbox = sandbox_of(zygote)
    session = session_of(sandbox, ENDLESS)
    session.load()
    (student,) = psutil.Process(zygote.process.pid).children(recursive=True)
    pidfd = os.pidfd_open(student.pid)

    os.kill(zygote.process.pid, signal.SIGKILL)

    assert_ends(pidfd)
    for message in ("zygote was killed", "zygote is gone"):  # nobody blames the student
        with pytest.raises(SandboxRefused, match=message):
            session.answer(Call("act"), 0)
    sandbox.close()
    assert not zygote.folder.exists()


def test_a_grader_that_is_killed_leaves_nothing_behind() -> None:
    script = """
import sys, time
sys.path.insert(0, sys.argv[1])
import psutil, test_sandbox
from siege import LIMITS
from autograder.sandbox.launch import start_zygote
zygote = start_zygote(LIMITS.packages)
session = test_sandbox.session_of(test_sandbox.sandbox_of(zygote), test_sandbox.ENDLESS)
session.load()
(student,) = psutil.Process(zygote.process.pid).children(recursive=True)
print(zygote.process.pid, student.pid, zygote.folder, flush=True)
session.answer(test_sandbox.Call("act"), 0)
"""
    host = subprocess.Popen(
        [sys.executable, "-c", script, Path(__file__).parent], stdout=subprocess.PIPE, text=True
    )
    assert host.stdout is not None
    zygote, student, folder = host.stdout.readline().split()
    pidfds = [os.pidfd_open(int(pid)) for pid in (zygote, student)]

    host.kill()
    host.wait()

    for pidfd in pidfds:
        assert_ends(pidfd)
    assert not Path(folder).exists()


def test_folders_of_killed_runs_are_swept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead, starting, other = (tmp_path / name for name in ("ohlol-dead", "ohlol-new", "other"))
    for folder in (dead, starting, other):
        (folder / "student").mkdir(parents=True)
    (dead / "lock").touch()
    (other / "lock").touch()

    first = start_zygote(LIMITS.packages)
    inside(sandbox_of(first), "def act():\n    return 1\n")  # by now it holds its lock
    second = start_zygote(LIMITS.packages)

    assert not dead.exists()
    assert starting.exists()
    assert other.exists()
    assert first.folder.exists()
    first.close()
    second.close()
    assert not first.folder.exists()


def test_a_student_who_ends_is_told_from_one_who_is_ended(zygote: ZygoteProcess) -> None:
    sandbox = sandbox_of(zygote, limits=LIMITS)
    kinds = {}
    for name, body in {
        "timeout": "while True: pass",
        "crashed": "os._exit(0)",
        "protocol": "os.write(4, b'x' * 100)",
        "disk": "[open(str(i), 'w').close() for i in range(1000)]",
    }.items():
        session = session_of(sandbox, f"import os\ndef act():\n    {body}\n")
        with pytest.raises(StudentGone) as gone:
            session.answer(Call("act"), 0)
        kinds[name] = gone.value.kind
        session.close()

    assert kinds == {name: name for name in kinds}


# A student's folder


def _nest(folder: Path, depth: int) -> None:
    """Folders in folders, past what a path may be long."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("deeper", dir_fd=here)
        inner = os.open("deeper", os.O_RDONLY, dir_fd=here)
        with open(os.open("file", os.O_WRONLY | os.O_CREAT, dir_fd=inner), "w"):
            pass
        os.close(here)
        here = inner
    os.close(here)


def test_a_folder_that_is_too_deep_is_found_out(tmp_path: Path) -> None:
    _nest(tmp_path, folders.MAX_DEPTH - 1)
    assert folders.used(tmp_path, 1000)[1] == 2 * (folders.MAX_DEPTH - 1)

    _nest(tmp_path / "deeper", 0)
    (tmp_path / Path(*["deeper"] * (folders.MAX_DEPTH - 1)) / "one more").mkdir()
    with pytest.raises(folders.TooDeep):
        folders.used(tmp_path, 1000)


def test_a_folder_is_removed_however_deep(tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    _nest(folder, 1100)
    (folder / "link").symlink_to(outside)
    (folder / "deeper" / "link").symlink_to(outside)
    (folder / "closed").mkdir()
    (folder / "closed" / "file").touch()
    (folder / "closed").chmod(0)

    folders.remove(folder)

    assert not folder.exists()
    assert (outside / "kept").exists()
    folders.remove(folder)  # nothing there: nothing to do


def test_a_folder_is_looked_at_no_longer_than_needed(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / str(number)).touch()

    assert folders.used(tmp_path, 10)[1] == 11
    assert folders.used(tmp_path, 100)[1] == 50
    assert folders.used(tmp_path / "not there", 10) == (0, 0)


# Where there is no sandbox


def test_other_systems_refuse_to_grade_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    with pytest.raises(SandboxRefused, match="only Linux has"):
        open_sandbox(LIMITS)
    assert open_sandbox(LIMITS, practice=True).profile == "plain"
    assert open_sandbox(LIMITS, allow_weaker=True).profile == "plain"


def test_a_plain_process_grades_as_well(monkeypatch: pytest.MonkeyPatch, vault: Assignment) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(sys, "platform", "darwin")
        grader = Grader(vault, seed=1, practice=True, limits=PATIENT)
    with grader:
        report = grader.grade(kit.script(SOLUTION))

    assert report.score == report.max_score == 2.0
    assert report.sandbox is not None
    assert report.sandbox.profile == "plain"
    assert set(report.sandbox.layers) == {*REQUIRED, "own_uid"}
    assert len(report.sandbox.lost) == 4


def test_a_plain_process_is_held_to_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    plain = open_sandbox(replace(PATIENT, call_seconds=0.5), practice=True)
    monkeypatch.undo()

    for body in ("while True: pass", "[os.close(fd) for fd in (1, 2, 3, 4)]; time.sleep(9)"):
        session = session_of(plain, f"import os, time\ndef act():\n    {body}\n")
        with pytest.raises(StudentGone):
            session.answer(Call("act"), 0)
        session.close()
