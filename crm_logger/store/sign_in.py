"""Who may see the pages: roles, passwords, one-time links and sessions; call it within a transaction of the Store.

Links and sessions are secrets: only their SHA-256 is kept, so a stolen database opens no page.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from .tables import Account, AddressKind, Login, SignInLink, User, UserAddress, WebSession

if TYPE_CHECKING:
    from datetime import datetime

LINK_VALID = timedelta(minutes=30)
SESSION_VALID = timedelta(days=30)
SESSION_IDLE = timedelta(days=7)
_SEEN_STEP = timedelta(minutes=5)


class WebRole(StrEnum):
    """What somebody may see: `user` the account's timelines, own settings and own refused mail; `admin` the whole account."""

    USER = "user"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever looks at the pages. `alone` says that the account is the only one, so that mail of no account is its own."""

    user: int
    name: str
    address: str
    account: int
    account_name: str
    admin: bool
    alone: bool

    @property
    def accounts(self) -> tuple[int, ...]:
        """The accounts whose receipts the visitor may see; 0 is that of mail which concerned none."""
        return (self.account, 0) if self.alone and self.admin else (self.account,)


def visitor(user: int) -> Visitor | None:
    """The active user as a visitor, None where there is none."""
    row = User.select(User, Account).join(Account).where((User.id == user) & User.active).first()
    if row is None:
        return None
    own = UserAddress.get_or_none((UserAddress.user == user) & (UserAddress.kind == AddressKind.OWN))
    return Visitor(
        user=row.id,
        name=row.name,
        address=own.address if own else "",
        account=row.account_id,
        account_name=row.account.name,
        admin=role_of(user) is WebRole.ADMIN,
        alone=Account.select().count() == 1,
    )


def users_at(address: str) -> list[int]:
    """The active users whose own address this is: one in each account at most."""
    own = (UserAddress.address == address) & (UserAddress.kind == AddressKind.OWN) & User.active
    return [row.user_id for row in UserAddress.select().join(User).where(own).order_by(UserAddress.user)]


def role_of(user: int) -> WebRole:
    """The user's role; whoever was given none is a plain user."""
    row = Login.get_or_none(Login.user == user)
    return WebRole(row.role) if row else WebRole.USER


def set_role(user: int, role: WebRole) -> None:
    """Give the user a role."""
    _login(user, role=role)


def password_of(user: int) -> str:
    """The hash of the user's password, "" where there is none."""
    row = Login.get_or_none(Login.user == user)
    return row.password if row else ""


def set_password(user: int, password_hash: str, *, keep: str = "") -> None:
    """Set or (with "") take away the password; every other session of the user ends. `keep` is the one that stays."""
    _login(user, password=password_hash)
    others = (WebSession.user == user) & (WebSession.token_hash != _hashed(keep))
    WebSession.delete().where(others).execute()


def _login(user: int, **change: str) -> None:
    if not Login.update(change).where(Login.user == user).execute():
        Login.create(user=user, **change)


# ---------------------------------------------------------------- links and sessions


def mint_link(user: int, now: datetime, valid: timedelta = LINK_VALID) -> str:
    """A new token that signs the user in once."""
    SignInLink.delete().where(SignInLink.valid_until < now).execute()
    token = secrets.token_urlsafe(32)
    SignInLink.create(token_hash=_hashed(token), user=user, valid_until=now + valid)
    return token


def link_user(token: str, now: datetime) -> int | None:
    """The user whom the link would sign in, None where it is used, too old or unknown."""
    row = SignInLink.get_or_none((SignInLink.token_hash == _hashed(token)) & (SignInLink.valid_until > now))
    return row.user_id if row else None


def redeem_link(token: str, now: datetime) -> int | None:
    """Use the link up; gives its user, None as in link_user()."""
    user = link_user(token, now)
    gone = SignInLink.delete().where(SignInLink.token_hash == _hashed(token)).execute()
    return user if gone else None


def open_session(user: int, now: datetime) -> str:
    """Sign the user in; gives the session's token."""
    WebSession.delete().where(WebSession.valid_until < now).execute()
    token = secrets.token_urlsafe(32)
    WebSession.create(
        token_hash=_hashed(token), user=user, created=now, seen=now, valid_until=now + SESSION_VALID
    )
    return token


def session_user(token: str, now: datetime) -> tuple[int, bool] | None:
    """The user of a session, and whether that it was seen should be noted; None where the session is over."""
    row = WebSession.get_or_none(WebSession.token_hash == _hashed(token))
    if row is None or row.valid_until <= now or row.seen + SESSION_IDLE <= now:
        return None
    return row.user_id, row.seen + _SEEN_STEP < now


def note_seen(token: str, now: datetime) -> None:
    """Remember that the session is in use."""
    WebSession.update(seen=now).where(WebSession.token_hash == _hashed(token)).execute()


def close_session(token: str) -> None:
    """Sign out."""
    WebSession.delete().where(WebSession.token_hash == _hashed(token)).execute()


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
