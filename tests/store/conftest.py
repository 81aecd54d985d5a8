"""A store of its own on every kind of database in turn, with Acme and its people in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import Kind
from crm_logger.store import Place, Store
from crm_logger.store.tables import Account, AddressKind, LogAddress, User, UserAddress

from .builders import NOW, World

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url, NOW)
    yield opened
    opened.close()


@pytest.fixture
def world(store: Store) -> World:
    """Acme with Ann, who sells, and Cole, who does too; Globex with Gus; a BCC and a forwarding address each."""
    with store.writing():
        acme, globex = (Account.create(name=name).id for name in ("Acme", "Globex"))
        ann, cole = (_user(acme, name, f"{name.lower()}@acme.test") for name in ("Ann", "Cole"))
        gus = _user(globex, "Gus", "gus@globex.test")
        bcc, forward = (_log_address(acme, kind) for kind in Kind)
        other = _log_address(globex, Kind.BCC)
    place = Place(store.mailbox_id("log@mail.example"), "INBOX", 7)
    return World(store, place, acme, globex, ann, cole, gus, bcc, forward, other)


def _user(account: int, name: str, address: str) -> int:
    user = User.create(account=account, name=name)
    UserAddress.create(account=account, user=user, address=address, kind=AddressKind.OWN)
    return user.id


def _log_address(account: int, kind: Kind) -> int:
    token = f"{kind}of{account}"
    made = LogAddress.create(account=account, kind=kind, token=token, token_hash=token[::-1], created=NOW)
    return made.id
