"""A small form of `make test-large`, so that it works on the day it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.dovecot


def test_a_folder_is_taken_in_looked_at_and_audited_and_memory_stays_flat() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.large", "--mails", "300"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "receipts and engagements: (301, 60)" in done.stdout
    assert done.stdout.endswith("all sound\n")
