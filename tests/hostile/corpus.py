"""All hostile mails, by name."""

from __future__ import annotations

from itertools import chain

from tests.hostile.bodies import bodies
from tests.hostile.headers import headers

CORPUS = {each.name: each for each in chain(headers(), bodies())}
