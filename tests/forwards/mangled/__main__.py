"""`python -m tests.forwards.mangled [--seed N] [--failures N] [--name X]`: how mangled mails are read."""

from __future__ import annotations

from tests.forwards.mangled.mails import mangled_samples
from tests.forwards.rounds import tell

tell(__doc__, mangled_samples)
