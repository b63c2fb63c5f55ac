"""The two ways in which a command cannot go on. Every message says what to do."""

from __future__ import annotations


class Unusable(Exception):
    """Arguments or input that cannot be used as they are (exit status 2)."""


class SandboxRefused(Exception):
    """A layer of the sandbox is missing, or it could not be started at all (exit status 3)."""


class ZygoteGone(SandboxRefused):
    """The sandbox was there, and ended: somebody killed it, or it could not get warm."""
