"""Values and calls as text that a student can read, and mostly paste."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn

from autograder.sandbox.wire import Call, Model, Opaque

MAX_VALUE = 2_000
"""Longer texts of values are cut."""


def value_text(value: object) -> str:
    """What a value looks like: a tensor as torch prints it, with its dtype where that matters."""
    if isinstance(value, Tensor):
        return _cut(_tensor(value))
    if isinstance(value, Opaque):
        return _cut(value.text or f"a {value.type_name}")
    if isinstance(value, nn.Module):
        return _module(value)
    if isinstance(value, Model):
        return f"{value.class_name}({', '.join(map(value_text, value.args))})"
    if isinstance(value, Mapping):
        pairs = (f"{_cut(repr(key))}: {value_text(item)}" for key, item in value.items())
        texts, left = _first_texts(pairs, len(value))
        return _cut("{" + ", ".join(texts) + "}", left)
    if isinstance(value, (list, tuple)):
        opening, closing = "[]" if isinstance(value, list) else "()"
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        items, left = _first_texts(map(value_text, value), len(value))
        if any("\n" in item for item in items):
            text = opening + ",\n ".join(_indented(item) for item in items) + comma + closing
        else:
            text = opening + ", ".join(items) + comma + closing
        return _cut(text, left)
    return _cut(repr(value))


def call_text(call: Call) -> str:
    """The call as Python; weights of modules are told below it."""
    args, function = call.args, call.function
    if function.startswith("."):
        function = value_text(args[0]) + function
        args = args[1:]
    texts = [value_text(arg) for arg in args]
    texts += [f"{name}={value_text(arg)}" for name, arg in call.kwargs.items()]
    one_line = f"{function}({', '.join(texts)})"
    if len(one_line) > 76 or "\n" in one_line:
        for index, name in enumerate(call.names[: len(args)]):
            texts[index] = f"{name}={_indented(texts[index], len(name) + 1)}"
        inner = ",\n".join("    " + _indented(text, 4) for text in texts)
        one_line = f"{function}(\n{inner},\n)"
    weights = [line for arg in (*call.args, *call.kwargs.values()) for line in _weights(arg)]
    return "\n".join([_cut(one_line), *weights])


def size_of(call: Call) -> tuple[int, int]:
    """How much there is to read in a call: elements of tensors and texts, then numbers."""
    total = [0, 0]

    def add(value: object) -> None:
        if isinstance(value, Tensor):
            total[0] += value.numel()
        elif isinstance(value, str):
            total[0] += len(value)
        elif isinstance(value, nn.Module):
            for weight in value.parameters():
                add(weight)
        elif isinstance(value, Model):
            add(list(value.weights.values()))
        elif isinstance(value, Mapping):
            add(list(value.values()))
        elif isinstance(value, (list, tuple)):
            for item in value:
                add(item)
        elif isinstance(value, (int, float)):
            total[1] += abs(int(value)) if value == value and abs(value) < 2**31 else 2**31

    add(call.args)
    add(call.kwargs)
    return total[0], total[1]


def _tensor(tensor: Tensor) -> str:
    tensor = tensor.detach()
    with_dtype = tensor.dtype not in (torch.float32, torch.int64, torch.bool)
    if 0 in tensor.shape:
        return f"tensor of shape {tuple(tensor.shape)}, without elements"
    if math.prod(min(size, 6) for size in tensor.shape) > MAX_VALUE:
        # torch prints the first and last three along every axis, however many axes there are.
        return f"tensor of shape {tuple(tensor.shape)}, with too many elements to show"
    if tensor.is_floating_point() and tensor.dtype != torch.float32:
        return _plain_repr(tensor)
    text = _plain_repr(tensor)
    return text if not with_dtype or "dtype=" in text else f"{text[:-1]}, dtype={tensor.dtype})"


def _plain_repr(tensor: Tensor) -> str:
    """Up to four digits, without the zeros that torch adds to line columns up."""
    if tensor.dtype == torch.float32 and torch.isfinite(tensor).all():
        for digits in (1, 2):
            short = (tensor * 10**digits).round() / 10**digits
            if float((short - tensor).abs().max()) < 1e-6:
                return _nested(tensor, digits)
    return str(repr(tensor))


def _nested(tensor: Tensor, digits: int) -> str:
    if tensor.numel() > 400:
        return str(repr(tensor))
    cells = [f"{value:.{digits}f}" for value in tensor.flatten().tolist()]
    width = max(map(len, cells)) if tensor.dim() > 1 and tensor.shape[-2] > 1 else 0
    cells = [cell.rjust(width) for cell in cells]

    def rows(shape: tuple[int, ...], start: int, depth: int) -> str:
        if not shape:
            return cells[start]
        step = 1
        for size in shape[1:]:
            step *= size
        items = [rows(shape[1:], start + i * step, depth + 1) for i in range(shape[0])]
        separator = ", " if len(shape) == 1 else "," + "\n" * (len(shape) - 1) + " " * (depth + 8)
        return "[" + separator.join(items) + "]"

    return f"tensor({rows(tuple(tensor.shape), 0, 0)})"


def _module(module: nn.Module) -> str:
    name = type(module).__name__
    sizes = [
        str(getattr(module, key))
        for key in ("input_size", "hidden_size", "in_features", "out_features")
        if hasattr(module, key)
    ]
    return f"nn.{name}({', '.join(sizes)})"


def _weights(arg: object) -> list[str]:
    named: Mapping[str, Tensor] = {}
    if isinstance(arg, nn.Module):
        named = {name: weight.detach() for name, weight in arg.named_parameters()}
    elif isinstance(arg, Model):
        named = arg.weights
    elif isinstance(arg, (list, tuple)):
        return [line for item in arg for line in _weights(item)]
    if not named or sum(weight.numel() for weight in named.values()) > 60:
        return []
    title = _module(arg) if isinstance(arg, nn.Module) else value_text(arg)
    return [f"# {title} with"] + [
        f"#   {name} = {_indented(_tensor(weight), len(name) + 6, '#')}"
        for name, weight in named.items()
    ]


def _indented(text: str, width: int = 1, mark: str = "") -> str:
    return text.replace("\n", "\n" + mark + " " * (width - len(mark)))


def _first_texts(texts: Iterable[str], count: int) -> tuple[list[str], int]:
    """As many texts as will be read, and how many are left: an answer may hold a million."""
    taken: list[str] = []
    length = 0
    for text in texts:
        taken.append(text)
        length += len(text)
        if length > MAX_VALUE:
            break
    return taken, count - len(taken)


def _cut(text: str, left: int = 0) -> str:
    if len(text) <= MAX_VALUE and not left:
        return text
    rest = f"{left} more items" if left else f"{len(text) - MAX_VALUE} more characters"
    return text[:MAX_VALUE] + f"… ({rest})"
