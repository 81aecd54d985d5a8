"""The directory as the database tells it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_logger.core.model import Kind, LogAddress, NeverLog, Policy, User
from crm_logger.store import tables
from crm_logger.store.tables import AddressKind

from .builders import NOW

if TYPE_CHECKING:
    from crm_logger.core.model import Directory

    from .builders import World


def load(world: World) -> Directory:
    return world.store.load_directory(Policy(log_domains=("log.example",)))


def test_the_policy_is_passed_on(world: World) -> None:
    assert load(world).policy == Policy(log_domains=("log.example",))


def test_a_user_is_found_by_every_address_the_own_one_first(world: World) -> None:
    with world.store.writing():
        tables.UserAddress.delete().where(tables.UserAddress.user == world.ann).execute()
        for address, kind in (
            ("a@alias.test", AddressKind.ALIAS),
            ("a@conn.test", AddressKind.CONNECTED),
            ("ann@acme.test", AddressKind.OWN),
        ):
            tables.UserAddress.create(account=world.acme, user=world.ann, address=address, kind=kind)
    ann = User(world.ann, world.acme, "Ann", ("ann@acme.test", "a@alias.test", "a@conn.test"))
    found = load(world).users_by_address
    assert [found[address] for address in ann.addresses] == [(ann,)] * 3


def test_what_a_user_may_do_is_told(world: World) -> None:
    with world.store.writing():
        tables.User.update(sales_access=False).where(tables.User.id == world.ann).execute()
        tables.User.update(active=False).where(tables.User.id == world.cole).execute()
    found = load(world).users_by_address
    assert [(u.sales_access, u.active) for u in found["ann@acme.test"] + found["cole@acme.test"]] == [
        (False, True),
        (True, False),
    ]


def test_an_address_may_name_users_of_several_accounts(world: World) -> None:
    with world.store.writing():
        tables.UserAddress.create(
            account=world.acme, user=world.ann, address="gus@globex.test", kind=AddressKind.ALIAS
        )
    assert [user.id for user in load(world).users_by_address["gus@globex.test"]] == [world.ann, world.gus]


def test_log_addresses_are_keyed_by_their_hash(world: World) -> None:
    until = NOW + timedelta(days=30)
    with world.store.writing():
        tables.LogAddress.create(
            account=world.acme,
            user=world.ann,
            kind=Kind.FORWARD,
            token="t",
            token_hash="h",
            created=NOW,
            valid_until=until,
            revoked=True,
        )
    found = load(world).log_addresses_by_hash
    assert len(found) == 4
    assert found["h"] == LogAddress(
        found["h"].id, world.acme, Kind.FORWARD, "h", world.ann, until, revoked=True
    )
    assert {address.user for address in found.values()} == {None, world.ann}


def test_never_log_entries_and_internal_domains_belong_to_an_account(world: World) -> None:
    with world.store.writing():
        tables.NeverLog.create(account=world.acme, pattern="rival.example")
        tables.NeverLog.create(account=world.acme, pattern="x@y.example", user=world.ann)
        for domain in ("acme.test", "acme.example"):
            tables.InternalDomain.create(account=world.acme, domain=domain)
    found = load(world)
    assert found.never_log == {
        world.acme: (NeverLog(world.acme, "rival.example"), NeverLog(world.acme, "x@y.example", world.ann))
    }
    assert found.internal_domains == {world.acme: frozenset({"acme.test", "acme.example"})}


def test_a_change_is_seen_by_the_next_load(world: World) -> None:
    before = load(world)
    with world.store.writing():
        tables.UserAddress.create(
            account=world.acme, user=world.ann, address="a@alias.test", kind=AddressKind.ALIAS
        )
    assert "a@alias.test" not in before.users_by_address
    assert "a@alias.test" in load(world).users_by_address


def test_it_is_the_same_object_until_something_in_it_changes(world: World) -> None:
    known = load(world)
    assert load(world) is known
    assert world.store.load_directory(Policy()).policy == Policy()
    for change in (
        lambda: tables.User.update(active=False).where(tables.User.id == world.ann).execute(),
        lambda: tables.NeverLog.create(account=world.acme, pattern="secret.example"),
        lambda: tables.InternalDomain.create(account=world.acme, domain="acme.example"),
        lambda: tables.LogAddress.update(revoked=True).execute(),
        lambda: tables.UserAddress.delete().where(tables.UserAddress.user == world.cole).execute(),
    ):
        with world.store.writing():
            change()
        assert load(world) != known
        known = load(world)
        assert load(world) is known


def test_the_use_of_a_log_address_is_no_change(world: World) -> None:
    known = load(world)
    with world.store.writing():
        tables.LogAddress.update(last_used=NOW).execute()
    assert load(world) is known
