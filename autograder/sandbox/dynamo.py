"""Keeps torch's compiler from being loaded by the first optimiser.

`torch.optim` asks `torch._dynamo` for two things that mean nothing where nothing is compiled, and
pays for them by importing some 800 modules, which takes as long as importing torch. A stand-in
answers those two; whatever else is asked of it loads the real module, which then takes its place.
"""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

_NAME = "torch._dynamo"


def postpone() -> None:
    """Puts the stand-in where the compiler would be, unless that is loaded already."""
    if _NAME not in sys.modules:
        import torch

        stand_in = _Dynamo(_NAME)
        sys.modules[_NAME] = stand_in
        torch._dynamo = stand_in


class _Dynamo(types.ModuleType):
    @staticmethod
    def graph_break(*_: object, **__: object) -> None:
        """Nothing is compiled, so there is no graph to break."""

    @staticmethod
    def disable(function: Any = None, *_: object, **__: object) -> Callable[..., Any]:
        """Nothing is compiled, so there is nothing to keep out of it."""
        return (lambda given: given) if function is None else function

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":
            raise AttributeError(name)  # the import system looks, and asks for nothing
        if sys.modules.get(_NAME) is self:
            del sys.modules[_NAME]
        return getattr(importlib.import_module(_NAME), name)
