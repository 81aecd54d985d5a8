"""A mailbox of 150,000 messages on a real Dovecot: `make test-large`, or `python -m tests.faults.large --mails 2000`.

The worker runs as a process of its own. What is measured: the first look, which takes everything in; whether memory stays flat
meanwhile; an idle look; one new mail; the audit; and a start with nothing new. Prints its figures; the exit status is 1
where something was lost, double or not in time, or where memory grew. Ends by itself.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cast import EVE, mail
from tests.kill import maildirs
from tests.office import open_office
from tests.ops.program import running
from tests.servers.dovecot import Dovecot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.office import Office
    from tests.ops.program import Program

MAILS = 150_000
LOGGED_EACH = 5
"""Every so many mails one is logged; the others are somebody's who is no user."""
PATIENCE = 30 * 60.0
GROWN = 48 << 20
"""The UIDs of a look are a list: 150,000 numbers, and their set, are a dozen megabytes."""
INTERVAL = 1.0


@dataclass
class Report:
    """The figures, and what is wrong with them."""

    wrong: list[str] = field(default_factory=list)

    def tell(self, what: str, figure: object, *, sound: bool = True) -> None:
        """Print a figure at once; note where it is not what it should be."""
        sys.stdout.write(f"{what}: {figure}{'' if sound else '  <- WRONG'}\n")
        sys.stdout.flush()
        if not sound:
            self.wrong.append(what)


class Ledger:
    """What the database says, read beside the worker."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def count(self, table: str) -> int:
        """How many rows."""
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True, timeout=30)) as connection:
            found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 -- a name of ours
            return found

    def looks(self) -> str:
        """When the last look came to its end."""
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True, timeout=30)) as connection:
            return str(connection.execute("SELECT max(looked_at) FROM folder_state").fetchone()[0])


class Mails:
    """Mails that differ in their numbers alone; a contact gets a thousand of them."""

    def __init__(self, office: Office) -> None:
        self._templates = [
            mail(
                to_log=office.bcc,
                author=author,
                to="client@client.example",
                subject="Offer 0",
                message_id="<0@acme.test>",
            )
            for author in ("Ann Archer <ann@acme.test>", EVE)
        ]

    def one(self, number: int) -> bytes:
        """The mail of that number."""
        raw = self._templates[0 if number % LOGGED_EACH == 0 else 1]
        for old, new in (
            (b"Offer 0", b"Offer %d"),
            (b"<0@", b"<%d@"),
            (b"client@client", b"client%d@client"),
        ):
            raw = raw.replace(old, new % (number % 150 if b"client" in old else number))
        return raw

    def upto(self, number: int) -> Iterator[bytes]:
        """The mails 1 to `number`."""
        return map(self.one, range(1, number + 1))


def measure(number: int) -> Report:
    """Fill a mailbox, let a worker at it, and see."""
    report = Report()
    with Dovecot() as dovecot, tempfile.TemporaryDirectory(prefix="large-") as made:
        folder = Path(made)
        box = dovecot.mailbox("large")
        office = open_office(folder, **box.settings(POLL_INTERVAL=str(INTERVAL), FILING="leave"))
        office.store.close()
        written = Mails(office)
        began = time.monotonic()
        maildirs.make(dovecot.folder / "mail" / box.user, written.upto(number))
        report.tell("made", f"{number} mails in {time.monotonic() - began:.0f} s")
        ledger = Ledger(folder / "crm.sqlite3")
        with running(office.config, folder / "log", IMAP_TIMEOUT="60") as worker:
            _first_look(worker, ledger, number, report)
            _idle_look(worker, ledger, report)
            raw = written.one(number + 1)
            took = _until(
                lambda: ledger.count("receipt") == number + 1, lambda: dovecot.deliver(raw, box.user)
            )
            report.tell("one new mail, from the delivery to the row", f"{took:.2f} s", sound=took < 60)
        _audit(office, folder, report)
        with running(office.config, folder / "log", IMAP_TIMEOUT="60") as worker:
            took = _until(lambda: "looked" in worker.said())
            report.tell(
                "a start with nothing new, to the end of its first look", f"{took:.1f} s", sound=took < 120
            )
        engagements = (number + 1) // LOGGED_EACH
        found = (ledger.count("receipt"), ledger.count("engagement"))
        report.tell("receipts and engagements", found, sound=found == (number + 1, engagements))
    return report


def _first_look(worker: Program, ledger: Ledger, number: int, report: Report) -> None:
    began, early = time.monotonic(), 0
    for tenth in range(1, 11):
        wanted = number * tenth // 10
        _until(lambda: ledger.count("receipt") >= wanted)  # noqa: B023 -- called within the same round
        spent = time.monotonic() - began
        report.tell(
            f"  {wanted} taken in",
            f"{spent:.0f} s, {wanted / spent:.0f} a second, {_memory(worker.pid) >> 20} MB",
        )
        early = early or _memory(worker.pid)
    _until(lambda: "looked" in worker.said())
    grown = _memory(worker.pid) - early
    report.tell("first look", f"{time.monotonic() - began:.0f} s")
    report.tell("memory grown since the first tenth", f"{grown >> 20} MB", sound=grown < GROWN)


def _idle_look(worker: Program, ledger: Ledger, report: Report) -> None:
    """The CPU time of looks that find nothing; when they come is the timetable's matter."""
    _until_noted(ledger)
    before, began = _cpu(worker.pid), time.monotonic()
    _until_noted(ledger)
    _until_noted(ledger)
    looks = (time.monotonic() - began) / INTERVAL
    spent = (_cpu(worker.pid) - before) / looks
    report.tell("an idle look, and what lies around it", f"{1000 * spent:.0f} ms of CPU", sound=spent < 1)


def _until_noted(ledger: Ledger) -> None:
    """Wait for the end of a look; of many in a row one every few seconds is noted."""
    last = ledger.looks()
    _until(lambda: ledger.looks() != last)


def _audit(office: Office, folder: Path, report: Report) -> None:
    began = time.monotonic()
    with running(office.config, folder / "audit", "audit") as audit:
        status = audit.end(PATIENCE)
        report.tell(
            "audit", f"{time.monotonic() - began:.1f} s, status {status}\n{audit.said()}", sound=status == 0
        )


def _until(holds: Callable[[], bool], after: Callable[[], None] = lambda: None) -> float:
    """Wait until something holds; return the seconds that took."""
    began = time.monotonic()
    after()
    while not holds():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError("it never came true")
        time.sleep(0.05)
    return time.monotonic() - began


def _memory(pid: int) -> int:
    """What the worker and its reader hold in memory, in bytes."""
    return sum(int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in (pid, *_children(pid))) * (
        os.sysconf("SC_PAGE_SIZE")
    )


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu(pid: int) -> float:
    """The CPU seconds of the worker."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Measure, print, and say whether all was sound."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=MAILS)
    report = measure(options.parse_args().mails)
    sys.stdout.write(
        "\n".join(["wrong: " + ", ".join(report.wrong)] if report.wrong else ["all sound"]) + "\n"
    )
    return int(bool(report.wrong))


if __name__ == "__main__":
    sys.exit(main())
