"""Mails that people want to be taken in again; call it within a transaction of the Store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .tables import Wish

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mail that waits to be taken in again. `anyway` and `author` are what a person ruled about it."""

    receipt: int
    user: int | None
    anyway: bool
    author: str
    asked: datetime


def want(receipt: int, user: int, now: datetime, *, anyway: bool = False, author: str = "") -> None:
    """Note the wish; a newer one about the same mail takes the place of one that waits."""
    Wish.delete().where((Wish.receipt == receipt) & Wish.done.is_null()).execute()
    Wish.create(receipt=receipt, user=user, anyway=anyway, author=author, asked=now)


def wanted(limit: int = 100, receipts: Iterable[int] | None = None) -> list[Wanted]:
    """The wishes that wait, the oldest first; with `receipts` those about them alone."""
    rows = Wish.select().where(Wish.done.is_null()).order_by(Wish.id).limit(limit)
    if receipts is not None:
        rows = rows.where(Wish.receipt.in_(list(receipts)))
    return [Wanted(row.receipt_id, row.user_id, row.anyway, row.author, row.asked) for row in rows]


def fulfil(receipt: int, result: str, now: datetime) -> None:
    """Note what the mail came to."""
    Wish.update(done=now, result=result).where((Wish.receipt == receipt) & Wish.done.is_null()).execute()


def waiting_among(receipts: Iterable[int]) -> set[int]:
    """Those of the mails that wait to be taken in again."""
    rows = Wish.select(Wish.receipt).where(Wish.receipt.in_(list(receipts)) & Wish.done.is_null())
    return {row.receipt_id for row in rows}
