"""`python -m tests.forwards.mailroom [--seed N] [--failures N] [--name X]`: how the mailroom's mails are read."""

from __future__ import annotations

from tests.forwards.mailroom.mails import mailroom_samples
from tests.forwards.rounds import tell

tell(__doc__, mailroom_samples)
