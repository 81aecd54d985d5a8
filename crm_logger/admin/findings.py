"""A finding of `check`: one line, good, doubtful or bad, and what to do."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """How a finding stands: `warn` works, but not as well as it could; `fail` does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(NamedTuple):
    """What was looked at, how it stands, and what to do, "" where nothing is to be done; `status` is the exit status it asks for."""

    state: State
    what: str
    said: str
    to_do: str = ""
    status: int = 0


def ok(what: str, said: str) -> Finding:
    """A finding that needs nothing."""
    return Finding(State.OK, what, said)


def warn(what: str, said: str, to_do: str) -> Finding:
    """A finding that somebody should look at."""
    return Finding(State.WARN, what, said, to_do)


def fail(what: str, said: str, to_do: str = "", status: int = 1) -> Finding:
    """A finding that keeps the service from working."""
    return Finding(State.FAIL, what, said, to_do, status)
