"""Whatever dies when: a mail is recorded wholly or not at all, and never twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest
from peewee import IntegrityError

from crm_logger.core.model import Attachment, Reason
from crm_logger.store import Store, tables

from .builders import CC_DORA, NOW, TO_CARL, entry, raw_mail, refuse
from .elsewhere import plant_fault, remove_fault, run_elsewhere

if TYPE_CHECKING:
    from .builders import World

_RECORD = """
import sys
import time
from crm_logger.core.model import Policy
from crm_logger.store import Place, Store
from tests.store.builders import NOW, World, entry, raw_mail
url, mailbox, ids = sys.argv[1], int(sys.argv[2]), [int(each) for each in sys.argv[3].split(",")]
store = Store.open(url, NOW)
world = World(store, Place(mailbox, "INBOX", 7), *ids)
print("ready", flush=True)
sys.stdin.read(1)
"""
_SAME_MAILS = (
    _RECORD
    + """
new = []
for uid in sorted(range(1, 41), key=lambda uid: uid * int(sys.argv[4])):
    logged = world.log(entry(by_id=f"id-{uid % 5}", by_content=f"c{uid % 5}"))
    new.append(world.take(uid, logged).new)
    time.sleep(0.01)  # lets the other one have its turn
store.close()
print(sum(new))
"""
)
_DIE_IN_THE_MIDDLE = (
    _RECORD
    + """
with store.writing():
    store.record(world.place, raw_mail(2), [world.log(entry(by_id="id-2", by_content="c2"))], NOW)
    print("written", flush=True)
    sys.stdin.read()
"""
)


def start(world: World, url: str, script: str, *more: str) -> subprocess.Popen[str]:
    ids = (
        world.acme,
        world.globex,
        world.ann,
        world.cole,
        world.gus,
        world.bcc,
        world.forward,
        world.other_bcc,
    )
    told = [url, str(world.place.mailbox), ",".join(map(str, ids))]
    process = subprocess.Popen(
        [sys.executable, "-c", script, *told, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("g")
    process.stdin.flush()


@pytest.mark.row(72)
def test_two_processes_recording_the_same_mails_record_each_once(world: World, database_url: str) -> None:
    processes = [start(world, database_url, _SAME_MAILS, order) for order in ("1", "-1")]
    for process in processes:
        go(process)
    recorded = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert sum(recorded) == 40
    assert min(recorded) > 0
    with world.store.reading():
        assert tables.Receipt.select().count() == tables.Captured.select().count() == 40
    assert len(world.engagements()) == 5
    assert world.contacts() == ["carl@client.example"]


def test_a_process_killed_within_a_transaction_leaves_nothing_and_no_lock(
    world: World, database_url: str
) -> None:
    world.take(1, world.log())
    before = world.everything()
    process = start(world, database_url, _DIE_IN_THE_MIDDLE)
    go(process)
    assert process.stdout
    assert process.stdout.readline() == "written\n"
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    process.communicate()
    assert world.everything() == before
    assert world.store.check() == "ok"
    assert world.store.without_receipt(world.place, [1, 2]) == [2]
    assert world.take(2, world.log(entry(by_id="id-2", by_content="c2"))).new


@pytest.mark.parametrize(
    "table",
    [
        "receipt",
        "contact",
        "contact_address",
        "engagement",
        "participant",
        "engagement_contact",
        "content",
        "attachment",
        "captured",
        "decision",
    ],
)
def test_wherever_writing_fails_nothing_is_left(world: World, database_url: str, table: str) -> None:
    before = world.everything()
    told = entry(TO_CARL, CC_DORA, attachments=(Attachment("a", "text/plain", 1, b"a"),))
    plant_fault(database_url, table)
    with pytest.raises(IntegrityError, match="fault"):
        world.take(1, world.log(told))
    assert world.everything() == before
    remove_fault(database_url, table)
    assert world.take(1, world.log(told)).reasons == (Reason.LOGGED,)


def test_taking_a_mail_in_again_that_fails_leaves_the_old_decision(world: World, database_url: str) -> None:
    receipt = world.take(1, refuse(Reason.UNKNOWN_SENDER)).receipt_id
    before = world.everything()
    plant_fault(database_url, "captured")
    with pytest.raises(IntegrityError, match="fault"):
        world.store.record_again(receipt, raw_mail(1), [world.log()], NOW)
    assert world.everything() == before


@pytest.mark.row(72)
@pytest.mark.parametrize(
    "sql",
    [
        "insert into receipt select id + 1, mailbox_id, folder, uidvalidity, uid, sha256, size, received_at, taken_at, attempts, filed_folder, filed_uidvalidity, filed_uid, error, raw_mail from receipt",
        "insert into engagement_contact select * from engagement_contact",
        "insert into contact_address select id + 1, account_id, contact_id, address from contact_address",
        "update engagement set key_id = 'id-2'",
        "update engagement set key_id = null, key_content = 'c2'",
        "insert into captured select id + 100, engagement_id, receipt_id, user_id, log_address_id, kind, at, forwarded_at, note, flags from captured",
    ],
)
def test_the_database_itself_is_the_last_defence(world: World, database_url: str, sql: str) -> None:
    world.take(1, world.log())
    world.take(2, world.log(entry(by_id="id-2", by_content="c2")))
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.UniqueViolation), match=r"(?i)\bunique\b"):
        run_elsewhere(database_url, sql)


def test_a_mail_recorded_before_a_restart_is_known_after_it(world: World, database_url: str) -> None:
    world.take(1, world.log())
    world.store.close()
    reopened = Store.open(database_url, NOW)
    assert reopened.without_receipt(world.place, [1, 2]) == [2]
    reopened.close()
