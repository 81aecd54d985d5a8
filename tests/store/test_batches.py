"""Mails recorded together leave what they leave when they are recorded one after the other, row for row."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm_logger.core.model import (
    Attachment,
    Fate,
    Flag,
    Limits,
    Participant,
    Person,
    Reason,
    Refuse,
    Role,
)
from crm_logger.store import Deaths, Store, Taking, tables
from crm_logger.store.connection import Connection, engine_of
from crm_logger.store.statements import Rows

from .builders import CC_DORA, COLLEAGUE, HIDDEN, NOW, SENT, TO_CARL, entry, on_sqlite, raw_mail, refuse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm_logger.core.model import Decision
    from crm_logger.store import Recorded

    from .builders import World

ERIN = Participant(Person("Erin \x00Quote\x07", "erin@client.example"), Role.TO, create=True)
ONLY_KNOWN = Participant(Person("Fay", "fay@client.example"), Role.BCC)
LOG_ADDRESS = Participant(Person("", "bcc-secret@log.example"), Role.CC, fate=Fate.LOG_ADDRESS)
AUTHOR = Participant(Person("Carl", "carl@client.example"), Role.FROM, create=True)
PEOPLE = (TO_CARL, CC_DORA, ERIN, ONLY_KNOWN, COLLEAGUE, HIDDEN, LOG_ADDRESS, AUTHOR)
FILES = (
    Attachment("a.txt", "text/plain", 3, b"abc"),
    Attachment("b.txt", "text/plain", 3, b"abc"),
    Attachment("c.bin", "application/octet-stream", 900, None),
)
LIMITS = (
    Limits(),
    Limits(mails_a_minute=1, mails_a_day=3, contacts_a_day=2),
    Limits(mails_a_minute=2, contacts_a_day=1, hold=True),
)
ENTRIES = st.builds(
    entry,
    st.just(TO_CARL),
    by_id=st.sampled_from(("", "id-1", "id-2")),
    by_content=st.sampled_from(("c1", "c2")),
    participants=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4).map(tuple),
    attachments=st.lists(st.sampled_from(FILES), max_size=2).map(tuple),
    headers=st.sampled_from(
        ((), (("To", "bcc-secret@log.example"), ("X-Odd", 'a "b"\x01'))),
    ),
    sent_at=st.sampled_from((SENT, SENT + timedelta(microseconds=5))),
    note=st.sampled_from(("", "call him")),
    forwarded_at=st.sampled_from((None, NOW)),
    flags=st.sampled_from((frozenset(), frozenset({Flag.ZONE_ASSUMED, Flag.PARTIAL}))),
    contact_limit=st.sampled_from((0, 1, 50)),
    only_captured=st.booleans(),
    otherwise=st.just(refuse(Reason.REPLY_THEN_FORWARD)),
)
WHEN = st.sampled_from([None, *(SENT + timedelta(seconds=s) for s in (0, 30, 70, 90_000))])
SHAPES = st.tuples(
    st.integers(1, 15),
    st.sampled_from((b"", b"one", b"two")),
    st.lists(ENTRIES, min_size=1, max_size=2),
    st.sampled_from(("log", "log", "log", "two accounts", "refuse", "hold", "failed")),
    st.sampled_from(LIMITS),
    WHEN,
)
"""UID, bytes, entries, what is decided, limits and the time of arrival."""


@pytest.fixture
def template(world: World, tmp_path: Path) -> Path:
    """What is there before: mails of an earlier UIDVALIDITY, one put off, one that was deadly."""
    before = replace(world.place, uidvalidity=6)
    for uid, raw in enumerate((b"one", b"one", b"two"), 1):
        log = world.log(entry(by_id=f"id-{uid}" if uid > 1 else "", by_content="c1"), arrived_at=SENT)
        world.store.record(before, raw_mail(uid, raw), [log], NOW)
    world.store.mark_filed(3, "Logged")
    world.store.defer(world.place, 2, "not now", NOW, NOW)
    world.store.defer(world.place, 4, "over the limit: more than 1 mails", NOW, NOW)
    world.store.count_death(world.place, 5, Deaths(2, Reason.PARSE_CRASH, "signal 11"), NOW)
    world.store.close()
    return tmp_path / "crm.sqlite3"


def decided(world: World, shape: tuple[Any, ...]) -> Taking:
    uid, raw, entries, kind, limits, arrived_at = shape
    mail = raw_mail(uid, raw)
    log = world.log(*entries, limits=limits, arrived_at=arrived_at)
    others = replace(log, account=world.globex, user=world.gus, log_address=world.other_bcc)
    decisions: dict[str, tuple[Decision, ...]] = {
        "log": (log,),
        "two accounts": (log, others),
        "refuse": (refuse(account=world.acme, subject="To bcc-aaaaaaaaaaaaaaaaaa@log.example"),),
        "hold": (Refuse(0, Reason.SENDER_NOT_AUTHENTICATED, hold="the DNS is away"),),
        "failed": (refuse(Reason.ERROR),),
    }
    return Taking(mail, decisions[kind], "Traceback" if kind == "failed" else "")


def left_by(
    world: World, template: Path, name: str, take: Callable[[World], list[Recorded]]
) -> tuple[list[Recorded], dict[str, Any]]:
    path = template.with_name(name)
    shutil.copy(template, path)
    with closing(Store(Connection(engine_of(f"sqlite:///{path}")))) as store:
        here = replace(world, store=store)
        return take(here), here.everything()


@on_sqlite
@settings(
    max_examples=60,
    deadline=None,
    phases=[
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ],  # shrinking would copy the database a thousand times
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(shapes=st.lists(SHAPES, min_size=4, max_size=12), size=st.sampled_from((3, 12)))
def test_a_batch_leaves_what_its_mails_leave_one_by_one(
    world: World, template: Path, shapes: list[tuple[Any, ...]], size: int
) -> None:
    takings = [decided(world, shape) for shape in shapes]

    def one_by_one(here: World) -> list[Recorded]:
        return [each for taking in takings for each in here.store.record_many(here.place, [taking], NOW)]

    def together(here: World) -> list[Recorded]:
        batches = [takings[start : start + size] for start in range(0, len(takings), size)]
        return [each for batch in batches for each in here.store.record_many(here.place, batch, NOW)]

    expected = left_by(world, template, "one.sqlite3", one_by_one)
    assert left_by(world, template, "many.sqlite3", together) == expected


def test_a_row_knows_the_columns_of_its_model_and_no_others(world: World) -> None:
    with world.store.writing():
        rows = Rows(tables.Event)
        rows.add(at=NOW, kind="test")
        rows.write()
        event = tables.Event.get(tables.Event.kind == "test")
        assert (event.at, event.detail, event.mailbox) == (NOW, "", None)
        with pytest.raises(TypeError, match="name other columns: at, kind, detail"):
            rows.add(at=NOW, kind="test", detail="more")
        with pytest.raises(TypeError, match="event has no colour"):
            Rows(tables.Event).add(at=NOW, kind="test", colour="red")
