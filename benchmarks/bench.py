"""What all measurements share: the server, the sizes of this run, a folder, and the mailboxes, each made once."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.office import Office, fill, mails, open_office

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.mails import Addresses, Shape
    from tests.servers.dovecot import Dovecot
    from tests.servers.served import ServedMailbox


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured; the defaults are those of the full run."""

    rounds: int = 3
    small: int = 10_000
    small_naive: int = 1_000
    heavy: int = 4_000
    heavy_naive: int = 500
    parsed: int = 1_500
    drained: int = 100_000
    few: int = 1_000
    huge: int = 50
    polls: int = 200
    many: int = 100_000
    most: int = 150_000
    deliveries: int = 200
    races: int = 200
    stored: int = 1_000_000
    stored_few: int = 10_000
    delayed: int = 3_000
    one_by_one: int = 40
    narrow: int = 600
    inspected: int = 10_000
    shared: int = 2_000


FULL = Sizes()
QUICK = Sizes(
    rounds=1,
    small=2_000,
    small_naive=300,
    heavy=500,
    heavy_naive=100,
    parsed=400,
    drained=8_000,
    huge=4,
    polls=50,
    many=20_000,
    most=30_000,
    deliveries=12,
    races=12,
    stored=50_000,
    delayed=1_000,
    one_by_one=15,
    inspected=2_000,
    shared=500,
)


@dataclass
class Bench:
    """One run. Offices are named, so that each measurement has a database of its own."""

    dovecot: Dovecot
    folder: Path
    sizes: Sizes
    _boxes: dict[str, ServedMailbox] = field(default_factory=dict)
    _offices: int = 0
    _addresses: list[Addresses] = field(default_factory=list)
    _started: float = field(default_factory=time.monotonic)

    @property
    def addresses(self) -> Addresses:
        """The log addresses, which are those of every office."""
        if not self._addresses:
            self._addresses.append(self.office(self.dovecot.mailbox("nobody")).addresses)
        return self._addresses[0]

    def office(self, box: ServedMailbox, **settings: str) -> Office:
        """A new office for a mailbox."""
        self._offices += 1
        return open_office(self.folder / f"{self._offices}.sqlite3", box, **settings)

    def box(self, shape: Shape, number: int, after: int = 0) -> ServedMailbox:
        """A mailbox of so many mails of a shape, those that come after so many."""
        name = f"{shape.name}{number}" + (f"after{after}" if after else "")
        if name not in self._boxes:
            self.say(f"making a mailbox of {number:,} {shape.name} mails")
            self._boxes[name] = fill(self.dovecot, name, mails(shape, number, self.addresses, after))
        return self._boxes[name]

    def say(self, what: str) -> None:
        """Tell on standard error what goes on."""
        sys.stderr.write(f"{time.monotonic() - self._started:6.0f} s  {what}\n")
