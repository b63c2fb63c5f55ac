"""What outcomes, problems and points are called, in every page for people."""

from __future__ import annotations

from autograder.report import CheckResult, Outcome, TaskResult

# A word or two for the table: where there is room, and where there is little.
KIND_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("not written yet", "not written"),
    "syntax": ("syntax error", "syntax"),
    "raised": ("raised an error", "error"),
    "type": ("wrong type", "type"),
    "shape": ("wrong shape", "shape"),
    "dtype": ("wrong dtype", "dtype"),
    "value": ("wrong values", "values"),
    "gradient": ("wrong gradient", "gradient"),
    "mutated_argument": ("changes its arguments", "arguments"),
    "nondeterministic": ("differs from run to run", "varies"),
    "timeout": ("too slow", "too slow"),
    "memory": ("too much memory", "memory"),
    "crashed": ("crashed Python", "crashed"),
    "output_limit": ("too much output", "output"),
    "protocol": ("no proper answer", "answer"),
    "convergence": ("does not learn", "learning"),
}
OUTCOME_WORDS: dict[Outcome, tuple[str, str]] = {
    "passed": ("", ""),
    "failed": ("did not pass", "failed"),
    "error": ("raised an error", "error"),
    "timeout": ("too slow", "too slow"),
    "memory": ("too much memory", "memory"),
    "crashed": ("crashed Python", "crashed"),
    "missing": ("not written yet", "not written"),
    "skipped": ("skipped", "skipped"),
    "internal_error": ("the grader failed", "grader"),
}

# Problems whose call was shrunk to the smallest one that shows them.
SHRUNK = ("raised", "type", "shape", "dtype", "value", "gradient", "mutated_argument")


def what_is_wrong(task: TaskResult, room: int) -> str:
    """What is wrong with a task in a word or two, shorter where there is little room."""
    check = next((check for check in task.checks if check.outcome == task.outcome), None)
    if task.outcome == "passed" or check is None:
        return ""
    if is_unwritten(task) and check.problem is not None and check.problem.advice:
        words = ("missing", "missing")  # it is there, and called otherwise or made elsewhere
    elif is_unwritten(task):
        words = KIND_WORDS["missing"]
    elif check.problem is not None and task.outcome not in ("skipped", "internal_error"):
        words = KIND_WORDS[check.problem.kind]
    else:
        words = OUTCOME_WORDS[task.outcome]
    if unwritten(check) and not is_unwritten(task):
        words = ("partly written", "partly")
    return words[0] if len(words[0]) <= room else words[1]


def unwritten(check: CheckResult) -> bool:
    """Whether the function is not there, or still raises what its stub raises."""
    if check.outcome == "missing":
        return True
    problem = check.problem
    if problem is None or check.outcome == "passed":
        return False
    return problem.kind == "missing" or (
        problem.kind == "raised" and "NotImplementedError" in problem.message
    )


def is_unwritten(task: TaskResult) -> bool:
    """Whether nothing of the task is there yet."""
    return any(map(unwritten, task.checks)) and all(
        unwritten(check) or check.outcome == "skipped" for check in task.checks
    )


def failing_checks(task: TaskResult, verbose: bool) -> list[CheckResult]:
    """The checks to speak of, the one that stands for the task first."""
    failing = [check for check in task.checks if check.outcome not in ("passed", "skipped")]
    if verbose and not failing:
        failing = [check for check in task.checks if check.problem is not None]
    # Stable: the others stay in order.
    return sorted(failing, key=lambda check: check.outcome != task.outcome)


def points_text(points: float) -> str:
    return f"{points:.2f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    # Only everyone is 100 %, and only no one 0 %.
    rounded = round(100 * share)
    return f"{min(max(rounded, 1), 99) if 0 < share < 1 else rounded}%"
