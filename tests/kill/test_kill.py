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


def run(*words: str, matrix: str = "matrix") -> tuple[int, tuple[int, ...], str]:
    """Run the matrix in a process of its own, which forks; return its status, figures and output."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.kill.{matrix}", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=280,
    )
    found = FIGURES.findall(done.stdout)
    assert found, done.stdout[-2000:] + done.stderr[-4000:]
    return done.returncode, tuple(map(int, found[-1])), done.stdout


@pytest.mark.row(70)
def test_a_worker_killed_anywhere_loses_nothing_doubles_nothing_and_is_never_stuck() -> None:
    status, (points, *wrong), output = run("--sample")
    assert (status, wrong) == (0, [0, 0, 0, 0]), output
    assert points >= 100


@pytest.mark.postgres
def test_of_two_workers_on_postgresql_the_second_takes_over_wherever_the_first_is_lost() -> None:
    status, (points, *wrong), output = run("--sample", "plain", "two mailboxes", matrix="pairs")
    assert (status, wrong) == (0, [0, 0, 0, 0]), output
    assert points >= 20
    assert re.search(r"^dies: \d+, sleeps: \d+, dozes: \d+$", output, re.MULTILINE), output


@pytest.mark.postgres
def test_the_matrix_sees_a_leader_that_looks_at_no_token() -> None:
    """What it writes after another has taken over is too much."""
    status, (_, lost, double, *_), output = run("--plant", "no token", "plain", matrix="pairs")
    assert (status, lost) == (1, 0), output
    assert double > 0


def kinds(output: str, what: str) -> dict[str, int]:
    """What was lost or double, by what it is about."""
    found = re.search(rf"^{what}: (\d.*)$", output, re.MULTILINE)
    assert found, output
    return {kind: int(number) for number, kind in (each.split(" ", 1) for each in found[1].split(", "))}


def test_the_matrix_sees_a_worker_that_files_before_the_commit() -> None:
    """Whatever there should be of a mail is lost, once for each point between the move and the commit; nothing of it is double."""
    status, (*_, changed), output = run("--plant", "filing before the commit", "plain")
    lost = kinds(output, "lost")
    assert (status, changed) == (1, 0)
    assert lost.pop("participant") == 2 * lost["receipt"]
    of_a_mail = ("receipt", "decision", "engagement", "captured", "timeline", "contact", "found")
    assert lost == dict.fromkeys(of_a_mail, lost["receipt"])
    assert lost["receipt"] > 5
    assert set(kinds(output, "double")) == {"event"}, "the alarm of the audit"


def test_the_matrix_sees_a_key_that_is_not_unique() -> None:
    """A mail that was recorded and not filed is recorded again; nothing that was logged is lost."""
    status, (_, _, _, stuck, changed), output = run("--plant", "a key that is not unique", "forward")
    double = kinds(output, "double")
    assert (status, changed) == (1, 0)
    assert double["receipt"] == stuck
    assert double["decision"] == double["captured"] > 0
    assert set(kinds(output, "lost")) == {"receipt", "found"}, (
        "as they should be: filed, found by a note that is there once"
    )


def test_what_the_points_are_named_after_is_what_the_worker_says() -> None:
    """A command or statement that is called otherwise would never be chosen as decisive."""
    assert WRITTEN in DECISIVE
    assert {"UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE", "CREATE", "IDLE"} < DECISIVE
