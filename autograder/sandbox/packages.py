"""Which modules a student may import, given the packages that are allowed."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence


def importable(packages: Sequence[str]) -> tuple[str, ...]:
    """The packages and everything that their distributions need, as names of top-level modules."""
    providers = importlib.metadata.packages_distributions()
    modules: dict[str, set[str]] = {}
    for module, distributions in providers.items():
        for distribution in distributions:
            modules.setdefault(_normal(distribution), set()).add(module)
    wanted = {_normal(name) for module in packages for name in providers.get(module, ())}
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        seen.add(name)
        try:
            requirements = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        needed = {_normal(_name_of(text)) for text in requirements if "extra ==" not in text}
        wanted |= (needed & modules.keys()) - seen
    found = set().union(*(modules.get(name, set()) for name in seen), ())
    asked = [name for name in packages if name in providers]
    return (*asked, *sorted(found - set(asked)))


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _name_of(requirement: str) -> str:
    end = next((i for i, c in enumerate(requirement) if not (c.isalnum() or c in "-_.")), None)
    return requirement[:end]
