"""What grading found out: one `Report` a submission, read by every writer.

Everything here is a frozen value. A report adds its own totals, refuses to be built when it cannot
be true, and survives `to_dict` and `from_dict` unchanged; `report.schema.json` describes that
dictionary. Text is kept as it came, except that every string can be encoded as UTF-8: what cannot
be is replaced at the door, so that no writer needs to think of it.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any, Literal, get_args

SCHEMA_VERSION = 1

MAX_POINTS = 200
"""A curve of a training has no more: it is thinned before it comes here."""

MAX_PREDICTION = 200
"""Characters of a text that a model made."""

Status = Literal["graded", "unreadable", "internal_error"]
Outcome = Literal[
    "passed",
    "failed",
    "error",
    "timeout",
    "memory",
    "crashed",
    "missing",
    "skipped",
    "internal_error",
]
Kind = Literal[
    "missing",
    "syntax",
    "raised",
    "type",
    "shape",
    "dtype",
    "value",
    "gradient",
    "mutated_argument",
    "nondeterministic",
    "timeout",
    "memory",
    "crashed",
    "output_limit",
    "protocol",
    "convergence",
]
Visibility = Literal["public", "hidden"]
Side = Literal["actual", "expected"]
Profile = Literal["confined", "weaker", "plain"]

STATUSES: tuple[Status, ...] = get_args(Status)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
KINDS: tuple[Kind, ...] = get_args(Kind)
VISIBILITIES: tuple[Visibility, ...] = get_args(Visibility)
PROFILES: tuple[Profile, ...] = get_args(Profile)
SIDES: tuple[Side, ...] = get_args(Side)

Cells = float | int | bool | str | tuple["Cells", ...]
"""Elements, nested as the axes are; what no JSON number can say is a text, such as "nan"."""

MAX_CELLS = 200
"""Of one grid."""


class ReportError(ValueError):
    """The data is not a report of this version; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One side of a comparison as data, for whoever draws it.

    `axes` are the names of the axes, where they are known. `kept` says for each axis which indices
    stand in `values`: all of them, or some where the tensor is large. `wrong` are the places, by
    their indices, where the two sides differ, as far as they are kept.
    """

    side: Side
    dtype: str
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    kept: tuple[tuple[int, ...], ...]
    values: Cells
    wrong: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        _one_of("side", self.side, SIDES)
        object.__setattr__(self, "dtype", _encodable(self.dtype))
        object.__setattr__(self, "axes", tuple(map(_encodable, self.axes)))
        for name in ("shape", "kept", "values", "wrong"):
            object.__setattr__(self, name, _as_tuples(getattr(self, name)))
        if len(self.kept) != len(self.shape) or len(self.axes) not in (0, len(self.shape)):
            raise ValueError(f"a grid of shape {self.shape} with axes of another number")
        for indices, size in zip(self.kept, self.shape, strict=True):
            if list(indices) != sorted({index for index in indices if 0 <= index < size}):
                raise ValueError(f"a grid of shape {self.shape} cannot keep {indices}")
        if math.prod(map(len, self.kept)) > MAX_CELLS:
            raise ValueError(f"a grid of more than {MAX_CELLS} cells")
        _check_cells(self.values, [len(indices) for indices in self.kept])
        for place in self.wrong:
            if len(place) != len(self.kept) or any(
                index not in indices for index, indices in zip(place, self.kept, strict=True)
            ):
                raise ValueError(f"a grid that does not hold {place}")

    @property
    def is_whole(self) -> bool:
        """Whether every element is in it."""
        return math.prod(map(len, self.kept)) == math.prod(self.shape)

    def to_dict(self) -> dict[str, Any]:
        return {
            "side": self.side,
            "dtype": self.dtype,
            "shape": list(self.shape),
            "axes": list(self.axes),
            "kept": _as_lists(self.kept),
            "values": _as_lists(self.values),
            "wrong": _as_lists(self.wrong),
        }


@dataclass(frozen=True, slots=True)
class Training:
    """How a training went, beside the reference's; epochs count from 1.

    `losses` and `reference` hold the two losses of each of `loss_epochs`, before that epoch's
    update; None where there is none, or none that is finite. `parted_at` is the first epoch whose
    losses differ. `predictions` are what the model made of `source` after so many `epochs`
    (0: before the first), computed by the grader from the weights; `target` is what it should be.
    """

    losses: tuple[float | None, ...] = ()
    reference: tuple[float | None, ...] = ()
    loss_epochs: tuple[int, ...] = ()
    epochs: tuple[int, ...] = ()
    predictions: tuple[str, ...] = ()
    source: str | None = None
    target: str | None = None
    parted_at: int | None = None

    def __post_init__(self) -> None:
        for name in ("losses", "reference", "loss_epochs", "epochs", "predictions"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not len(self.losses) == len(self.reference) == len(self.loss_epochs) <= MAX_POINTS:
            raise ValueError("a training has both losses for each of its epochs, or too many")
        if not len(self.epochs) == len(self.predictions) <= MAX_POINTS:
            raise ValueError("a training has a prediction for each of its epochs, or too many")
        for loss in (*self.losses, *self.reference):
            if loss is not None and not (type(loss) in (int, float) and math.isfinite(loss)):
                raise ValueError(f"a loss is {loss!r}, but should be finite, or None")
        parted_at = 1 if self.parted_at is None else self.parted_at
        for epoch in (*(n - 1 for n in (*self.loss_epochs, parted_at)), *self.epochs):
            if type(epoch) is not int or epoch < 0:
                raise ValueError("an epoch is a whole number, and the first is 1")
        for epochs in (self.loss_epochs, self.epochs):
            if any(one >= other for one, other in itertools.pairwise(epochs)):
                raise ValueError("the epochs of a training stand in their order")
        if any(len(text) > MAX_PREDICTION for text in self.predictions):
            raise ValueError(f"a prediction has more than {MAX_PREDICTION} characters")
        object.__setattr__(self, "predictions", tuple(map(_encodable, self.predictions)))
        _keep_encodable(self, "source", "target")

    @property
    def turns(self) -> list[tuple[int, str]]:
        """After how many epochs the prediction became which text, and the last one."""
        said = list(zip(self.epochs, self.predictions, strict=True))
        changes = [next(group) for _, group in itertools.groupby(said, key=lambda one: one[1])]
        return changes if said[-1:] == changes[-1:] else [*changes, said[-1]]

    @property
    def parting(self) -> str | None:
        """Where the losses leave those of the reference, in a sentence."""
        if self.parted_at not in self.loss_epochs:
            return None
        place = self.loss_epochs.index(self.parted_at)
        mine, right = self.losses[place], self.reference[place]
        told, wanted = ("no finite number" if n is None else f"{n:.3g}" for n in (mine, right))
        if mine is not None and right is not None and told == wanted:
            told, wanted = f"{mine:.6g}", f"{right:.6g}"
        return (
            f"From epoch {self.parted_at} on your losses leave those of the reference: {told} "
            f"instead of {wanted}."
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "losses": list(self.losses),
            "reference": list(self.reference),
            "loss_epochs": list(self.loss_epochs),
            "epochs": list(self.epochs),
            "predictions": list(self.predictions),
            "source": self.source,
            "target": self.target,
            "parted_at": self.parted_at,
        }


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a check did not pass, as data.

    `call`, `expected` and `actual` are texts of values (a tensor may take several lines).
    `mistake` is the id of the known mistake that answers as the student did, `advice` what is
    probably wrong in words, and `where` the place in the student's file, such as
    ``cell 4, line 2: return torch.eye(n)``. `grids` are the two sides as data, where they are
    tensors or lists of numbers; never those of a hidden check. `training` is there only where a
    model was trained.
    """

    kind: Kind
    message: str
    call: str | None = None
    expected: str | None = None
    actual: str | None = None
    mistake: str | None = None
    advice: str | None = None
    where: str | None = None
    grids: tuple[Grid, ...] = ()
    training: Training | None = None

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, KINDS)
        object.__setattr__(self, "grids", tuple(self.grids))
        _keep_encodable(self, "message", "call", "expected", "actual", "mistake", "advice", "where")

    def to_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "kind": self.kind,
            "message": self.message,
            "call": self.call,
            "expected": self.expected,
            "actual": self.actual,
            "mistake": self.mistake,
            "advice": self.advice,
            "where": self.where,
        }
        if self.grids:  # most problems have none
            data["grids"] = [grid.to_dict() for grid in self.grids]
        if self.training is not None:
            data["training"] = self.training.to_dict()
        return data


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: what it was worth, what it earned, and what was wrong."""

    name: str
    title: str
    max_score: float
    outcome: Outcome
    score: float = 0.0
    visibility: Visibility = "public"
    problem: Problem | None = None

    def __post_init__(self) -> None:
        _one_of("outcome", self.outcome, OUTCOMES)
        _one_of("visibility", self.visibility, VISIBILITIES)
        _keep_encodable(self, "name", "title")
        object.__setattr__(self, "max_score", _points(self.max_score))
        object.__setattr__(self, "score", _points(self.score))
        if self.score > self.max_score:
            raise ValueError(f"{self.name}: {self.score} points of {self.max_score}")
        if self.outcome == "passed":
            if self.score != self.max_score:
                raise ValueError(f"{self.name}: passed with {self.score} of {self.max_score}")
            if self.problem is not None:
                raise ValueError(f"{self.name}: passed, yet it has a problem")
        elif self.outcome in ("missing", "skipped", "internal_error") and self.score:
            raise ValueError(f"{self.name}: {self.outcome} cannot earn {self.score} points")

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "score": self.score,
            "max_score": self.max_score,
            "outcome": self.outcome,
            "visibility": self.visibility,
            "problem": None if self.problem is None else self.problem.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class TaskResult:
    """A task: its checks, at least one, in the order of the assignment."""

    name: str
    checks: tuple[CheckResult, ...]
    title: str = ""

    def __post_init__(self) -> None:
        _keep_encodable(self, "name", "title")
        object.__setattr__(self, "checks", tuple(self.checks))
        if not self.checks:
            # Nothing to fail would read as passed.
            raise ValueError(f"{self.name}: a task without checks")

    @property
    def score(self) -> float:
        return _total(check.score for check in self.checks)

    @property
    def max_score(self) -> float:
        return _total(check.max_score for check in self.checks)

    @property
    def outcome(self) -> Outcome:
        """That of the first check that did not pass, if any; but `internal_error` wins."""
        outcomes = [check.outcome for check in self.checks]
        if "internal_error" in outcomes:
            return "internal_error"
        return next((outcome for outcome in outcomes if outcome != "passed"), "passed")

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "score": self.score,
            "max_score": self.max_score,
            "outcome": self.outcome,
            "checks": [check.to_dict() for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class SandboxSummary:
    """What stood between the student's code and the machine.

    `confined`: every required layer; `weaker`: someone chose to go on without one; `plain`: no
    sandbox. `layers` maps a layer to ``in force (ABI 7)`` or ``missing: why``; `lost` says in whole
    sentences what that gives up.
    """

    profile: Profile
    layers: Mapping[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _one_of("profile", self.profile, PROFILES)
        object.__setattr__(self, "layers", _encodable_items(self.layers))
        object.__setattr__(self, "lost", tuple(map(_encodable, self.lost)))

    def to_dict(self) -> dict[str, Any]:
        return {"profile": self.profile, "layers": dict(self.layers), "lost": list(self.lost)}


@dataclass(frozen=True, slots=True)
class Report:
    """All that grading one submission found out.

    `reason` says why a submission is `unreadable` or an `internal_error`, and is None for `graded`.
    A check that ended as `internal_error` makes the whole report one: the grader's failure is
    nobody's zero. `environment` holds versions by name, `timing` seconds (or points in time, as
    text) by name. The maximum is that of `tasks`, so even an unreadable submission lists them all.
    """

    assignment: str
    submission: str
    seed: int
    status: Status
    tasks: tuple[TaskResult, ...]
    reason: str | None = None
    notes: tuple[str, ...] = ()
    sandbox: SandboxSummary | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    timing: Mapping[str, float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _one_of("status", self.status, STATUSES)
        if isinstance(self.seed, bool) or not isinstance(self.seed, int):
            raise TypeError(f"the seed is {self.seed!r}, but should be a whole number")
        _keep_encodable(self, "assignment", "submission", "reason")
        object.__setattr__(self, "tasks", tuple(self.tasks))
        object.__setattr__(self, "notes", tuple(map(_encodable, self.notes)))
        object.__setattr__(self, "environment", _encodable_items(self.environment))
        object.__setattr__(self, "timing", _timing(self.timing))
        names = [task.name for task in self.tasks]
        if len(names) != len(set(names)):
            raise ValueError(f"two tasks have the same name: {', '.join(names)}")
        if self.status == "graded":
            if self.reason is not None:
                raise ValueError("a graded report has no reason")
            if any(task.outcome == "internal_error" for task in self.tasks):
                raise ValueError("a check ended as internal_error, so the report is not graded")
        elif not self.reason:
            raise ValueError(f"a report that is {self.status} says why in `reason`")
        if self.status == "unreadable" and any(task.score for task in self.tasks):
            raise ValueError("an unreadable submission cannot earn points")

    @property
    def score(self) -> float | None:
        """Points earned; None when the grader itself failed."""
        if self.status == "internal_error":
            return None
        # From the checks, not from the tasks: three tasks of a third of a point make one point.
        return _total(check.score for task in self.tasks for check in task.checks)

    @property
    def max_score(self) -> float:
        return _total(check.max_score for task in self.tasks for check in task.checks)

    def without_times(self) -> Report:
        """The same report without `timing`: what two runs of one submission have in common."""
        return replace(self, timing={})

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, in the order in which a person would read them."""
        return {
            "schema_version": SCHEMA_VERSION,
            "assignment": self.assignment,
            "submission": self.submission,
            "seed": self.seed,
            "status": self.status,
            "score": self.score,
            "max_score": self.max_score,
            "reason": self.reason,
            "tasks": [task.to_dict() for task in self.tasks],
            "notes": list(self.notes),
            "sandbox": None if self.sandbox is None else self.sandbox.to_dict(),
            "environment": dict(self.environment),
            "timing": dict(self.timing),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """The report that `to_dict` described; raises `ReportError` for anything else."""
        if not isinstance(data, Mapping) or "schema_version" not in data:
            raise ReportError("this is not a report: it has no schema_version")
        if data["schema_version"] != SCHEMA_VERSION:
            raise ReportError(
                f"the report has schema_version {data['schema_version']!r}, but this version of "
                f"ohlol reads {SCHEMA_VERSION}; grade the submission again"
            )
        try:
            report = cls(
                assignment=data["assignment"],
                submission=data["submission"],
                seed=data["seed"],
                status=data["status"],
                tasks=tuple(_task(task) for task in data["tasks"]),
                reason=data["reason"],
                notes=tuple(data["notes"]),
                sandbox=None if data["sandbox"] is None else SandboxSummary(**data["sandbox"]),
                environment=data["environment"],
                timing=data["timing"],
            )
        except KeyError as missing:
            raise ReportError(f"the report lacks the field {missing}") from None
        except (TypeError, ValueError, AttributeError) as error:
            raise ReportError(f"the report is damaged: {error}") from error
        if report.to_dict() != data:
            raise ReportError(
                "the report has fields that this version of ohlol does not know, "
                "or totals that its checks do not add up to"
            )
        return report


def report_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `Report.to_dict`."""
    text = files("autograder").joinpath("report.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _task(data: Mapping[str, Any]) -> TaskResult:
    return TaskResult(data["name"], tuple(map(_check, data["checks"])), data["title"])


def _check(data: Mapping[str, Any]) -> CheckResult:
    problem = None if data["problem"] is None else _problem(data["problem"])
    return CheckResult(**{**data, "problem": problem})


def _problem(data: Mapping[str, Any]) -> Problem:
    training = data.get("training")
    return Problem(
        **{
            **data,
            "grids": tuple(Grid(**grid) for grid in data.get("grids", ())),
            "training": None if training is None else Training(**training),
        }
    )


def _as_tuples(value: Any) -> Any:
    return tuple(map(_as_tuples, value)) if isinstance(value, (list, tuple)) else value


def _as_lists(value: Any) -> Any:
    return list(map(_as_lists, value)) if isinstance(value, tuple) else value


def _check_cells(values: Cells, sizes: Sequence[int]) -> None:
    if sizes:
        if not isinstance(values, tuple) or len(values) != sizes[0]:
            raise ValueError("the values of a grid are not nested as its axes are")
        for item in values:
            _check_cells(item, sizes[1:])
    elif isinstance(values, str):
        values.encode("utf-8")
    elif not isinstance(values, (int, float)) or not math.isfinite(values):
        raise ValueError(f"{values!r} cannot stand in a grid")


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} is {value!r}, but should be one of {', '.join(allowed)}")


def _points(value: float) -> float:
    """Points of one check, to nine decimals: so fine that `_total` makes one of three thirds."""
    if isinstance(value, bool) or not math.isfinite(value) or value < 0:
        raise ValueError(f"{value!r} is not a number of points")
    return round(float(value), 9)


def _total(points: Iterable[float]) -> float:
    """A sum to six decimals, so that 0.1 + 0.2 is 0.3."""
    return round(math.fsum(points), 6)


def _timing(times: Mapping[str, float | str]) -> dict[str, float | str]:
    kept: dict[str, float | str] = {}
    for name, time in times.items():
        if isinstance(time, str):
            kept[_encodable(name)] = _encodable(time)
        elif math.isfinite(time):
            kept[_encodable(name)] = time
        else:
            raise ValueError(f"timing of {name} is {time}")
    return kept


def _encodable(text: str) -> str:
    """`text`, with what UTF-8 cannot hold (half a surrogate pair) replaced."""
    if not isinstance(text, str):
        raise TypeError(f"{text!r} should be a text")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _encodable_items(items: Mapping[str, str]) -> dict[str, str]:
    return {_encodable(name): _encodable(value) for name, value in items.items()}


def _keep_encodable(owner: object, *names: str) -> None:
    for name in names:
        value = getattr(owner, name)
        if value is not None:
            object.__setattr__(owner, name, _encodable(value))
