"""Log addresses: minted, rotated with a grace period, revoked; call it within a transaction of the Store."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_logger.core.address import mint_token, token_hash
from crm_logger.core.model import Kind

from .people import RequestError
from .tables import Account, LogAddress, User

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

_BYTES = 16


@dataclass(frozen=True, slots=True)
class KnownLogAddress:
    """A log address in full: whoever reads it may write to it. `user` is the name of the only user it is for, or ""."""

    id: int
    account: int
    account_name: str
    user_id: int | None
    user: str
    kind: Kind
    local_part: str
    created: datetime
    last_used: datetime | None
    valid_until: datetime | None
    revoked: bool

    def valid(self, now: datetime) -> bool:
        """Whether mail to it is taken in."""
        return not self.revoked and (self.valid_until is None or now < self.valid_until)


def log_addresses(account: int | None = None) -> list[KnownLogAddress]:
    """All log addresses, or those of one account: the account's before its users', the newest first."""
    rows = LogAddress.select(LogAddress, Account).join(Account)
    if account is not None:
        rows = rows.where(LogAddress.account == account)
    known = [_known(row) for row in rows.order_by(LogAddress.id.desc())]
    return sorted(known, key=lambda each: (each.account, each.user_id or 0, each.kind))


def mint(
    account: int,
    now: datetime,
    *,
    user: int | None = None,
    kinds: tuple[Kind, ...] = tuple(Kind),
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> list[KnownLogAddress]:
    """New log addresses for an account, or for one of its users alone: one of each kind."""
    return [_known(_minted(account, user, kind, now, mint_token(random_bytes(_BYTES)))) for kind in kinds]


def rotate(
    account: int,
    now: datetime,
    grace: timedelta,
    *,
    user: int | None = None,
    kinds: tuple[Kind, ...] = tuple(Kind),
) -> list[KnownLogAddress]:
    """New log addresses in place of the present ones, which stay valid for the grace period."""
    present = (
        (LogAddress.account == account)
        & LogAddress.kind.in_(kinds)
        & ~LogAddress.revoked
        & LogAddress.valid_until.is_null()
    )
    mine = LogAddress.user.is_null() if user is None else LogAddress.user == user
    LogAddress.update(valid_until=now + grace).where(present & mine).execute()
    return mint(account, now, user=user, kinds=kinds)


def revoke(wanted: str) -> KnownLogAddress:
    """End a log address at once; it is named by its number or written in full."""
    for known in log_addresses():
        if wanted == str(known.id) or wanted.partition("@")[0].lower() == known.local_part:
            LogAddress.update(revoked=True).where(LogAddress.id == known.id).execute()
            return _known(LogAddress.get_by_id(known.id))
    raise RequestError(
        "There is no such log address; `crm-logger addresses --all` shows every one with its number."
    )


def _minted(account: int, user: int | None, kind: Kind, now: datetime, token: str) -> LogAddress:
    return LogAddress.create(
        account=account, user=user, kind=kind, token=token, token_hash=token_hash(token), created=now
    )


def _known(row: LogAddress) -> KnownLogAddress:
    user = User.get_or_none(User.id == row.user_id) if row.user_id else None
    return KnownLogAddress(
        id=row.id,
        account=row.account_id,
        account_name=row.account.name,
        user_id=row.user_id,
        user=user.name if user else "",
        kind=Kind(row.kind),
        local_part=f"{row.kind}-{row.token}",
        created=row.created,
        last_used=row.last_used,
        valid_until=row.valid_until,
        revoked=row.revoked,
    )
