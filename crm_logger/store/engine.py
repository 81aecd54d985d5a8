"""What a database must be able to do for us; sqlite.py and postgres.py each say how theirs does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Scope:
    """What a transaction changes, where that is not just anything: one mailbox's books, and what these accounts own.

    Transactions of several scopes may run at the same time where the database can do that.
    """

    mailbox: int | None = None
    accounts: frozenset[int] = frozenset()


class Engine(Protocol):
    """One database."""

    name: str
    """As messages call it; there is no password in it."""
    file: Path | None
    """Where it is one, else None."""

    database: Any
    """What peewee speaks to; each thread has a connection of its own."""

    def prepare(self) -> None:
        """Make an empty database where that is ours to do; StoreError where it cannot be."""

    def sentences(self) -> AbstractContextManager[None]:
        """Turn what is wrong with the database as a whole into a StoreError; every other error goes through."""

    def reading(self) -> AbstractContextManager[Any]:
        """A transaction in which all questions see the same state."""

    def writing(self, scope: Scope | None, *, outlives_power_cut: bool) -> AbstractContextManager[Any]:
        """A transaction for changes; without a scope nobody else writes meanwhile."""

    def writers_ended(self, seconds: float) -> bool:
        """Whether all who write at this moment end within that time; nobody is held up meanwhile."""

    def keeps_catalogue(self) -> bool:
        """Within `writing`: whether to its end this one alone keeps the catalogue; False where another does."""

    def migrating(self) -> AbstractContextManager[Any]:
        """A connection that may change the schema; what it changes becomes true at the end, or not at all."""

    def changing_schema(self, database: Any) -> AbstractContextManager[None]:
        """Within `migrating`: the transaction that one process at a time has."""

    def checkpoint(self) -> None:
        """Do now, between the mails, what commits would have to do at some time."""

    def check(self) -> str:
        """Read what there is; return "ok", or what is wrong."""

    def looks_sound(self, seconds: float) -> bool:
        """Read the database for so long at most; False where that was too short."""
