"""A sample of the kill matrix; `make test-kill` runs the rest. And the test of the test: bugs that it must see."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kill.points import DECISIVE, WRITTEN

ROOT = Path(__file__).parents[2]
FIGURES = re.compile(r"(\d+) points: (\d+) lost, (\d+) double, (\d+) stuck, (\d+) changed by an idle run")

pytestmark = pytest.mark.dovecot


def run(*words: str) -> tuple[int, tuple[int, ...], str]:
    """Run the matrix in a process of its own, which forks; return its status, figures and output."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.kill.matrix", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=280,
    )
    found = FIGURES.search(done.stdout)
    assert found, done.stdout[-2000:] + done.stderr[-4000:]
    return done.returncode, tuple(map(int, found.groups())), done.stdout


def test_a_worker_killed_anywhere_loses_nothing_doubles_nothing_and_is_never_stuck() -> None:
    status, (points, *wrong), output = run("--sample")
    assert (status, wrong) == (0, [0, 0, 0, 0]), output
    assert points >= 100


def test_the_matrix_sees_a_worker_that_files_before_the_commit() -> None:
    status, (_, lost, *_), output = run("--plant", "filing before the commit", "plain")
    assert status == 1, output
    assert lost, output


def test_the_matrix_sees_a_key_that_is_not_unique() -> None:
    status, (_, _, double, *_), output = run("--plant", "a key that is not unique", "forward")
    assert status == 1, output
    assert double, output


def test_what_the_points_are_named_after_is_what_the_worker_says() -> None:
    """A command or statement that is called otherwise would never be chosen as decisive."""
    assert WRITTEN in DECISIVE
    assert {"UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE", "CREATE", "IDLE"} < DECISIVE
