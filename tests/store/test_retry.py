"""Taking a mail in again: what was logged stays, nothing doubles (R28)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.core.model import Reason
from crm_logger.store import tables

from .builders import CC_DORA, NOW, TO_CARL, entry, raw_mail, refuse

if TYPE_CHECKING:
    from crm_logger.core.model import Decision
    from crm_logger.store import Recorded

    from .builders import World


def again(world: World, receipt: int, *decisions: Decision, error: str = "") -> Recorded:
    return world.store.record_again(receipt, raw_mail(1), decisions, NOW, error=error)


def decided(world: World, receipt: int) -> dict[int, str]:
    with world.store.reading():
        return {
            row.account: row.reason
            for row in tables.Decision.select().where(tables.Decision.receipt == receipt)
        }


def test_a_refused_mail_is_logged_once_the_cause_is_mended(world: World) -> None:
    receipt = world.take(1, refuse(Reason.UNKNOWN_SENDER)).receipt_id
    recorded = again(world, receipt, world.log())
    assert (recorded.receipt_id, recorded.new, recorded.reasons) == (receipt, False, (Reason.LOGGED,))
    assert decided(world, receipt) == {world.acme: "logged"}
    assert world.timeline("carl@client.example") == ["Offer 17"]


def test_a_failed_mail_gives_its_raw_bytes_back_to_the_mailbox(world: World) -> None:
    receipt = world.take(1, refuse(Reason.ERROR), error="Traceback").receipt_id
    again(world, receipt, world.log())
    with world.store.reading():
        row = tables.Receipt.get_by_id(receipt)
    assert (row.raw_mail, row.error, row.attempts) == (None, "", 2)


def test_a_mail_that_fails_again_keeps_the_newest_error(world: World) -> None:
    receipt = world.take(1, refuse(Reason.ERROR), error="first").receipt_id
    again(world, receipt, refuse(Reason.ERROR), error="second")
    with world.store.reading():
        row = tables.Receipt.get_by_id(receipt)
    assert (row.error, row.attempts) == ("second", 2)
    assert row.raw_mail is not None


def test_a_logged_mail_taken_in_again_stays_as_it_is(world: World) -> None:
    receipt = world.take(1, world.log()).receipt_id
    captures, people = world.captures(), world.participants()
    recorded = again(world, receipt, world.log())
    assert recorded.reasons == (Reason.LOGGED,)
    assert (world.captures(), world.participants()) == (captures, people)
    assert world.timeline("carl@client.example") == ["Offer 17"]


def test_a_duplicate_taken_in_again_stays_a_duplicate(world: World) -> None:
    world.take(1, world.log())
    receipt = world.take(2, world.log()).receipt_id
    assert again(world, receipt, world.log()).reasons == (Reason.DUPLICATE,)
    assert len(world.captures()) == 2


def test_what_was_logged_is_not_refused_afterwards(world: World) -> None:
    receipt = world.take(1, world.log()).receipt_id
    assert again(world, receipt, refuse(Reason.NEVER_LOG, world.acme)).decisions == ()
    assert decided(world, receipt) == {world.acme: "logged"}
    again(world, receipt, refuse(Reason.NO_LOG_ADDRESS))
    assert decided(world, receipt) == {world.acme: "logged"}


def test_each_account_is_decided_for_itself(world: World) -> None:
    receipt = world.take(1, world.log(), refuse(Reason.UNKNOWN_SENDER, world.globex)).receipt_id
    theirs = world.log(account=world.globex, user=world.gus, log_address=world.other_bcc)
    again(world, receipt, refuse(Reason.INACTIVE_USER, world.acme), theirs)
    assert decided(world, receipt) == {world.acme: "logged", world.globex: "logged"}


def test_a_retry_that_cannot_tell_whom_a_mail_concerns_takes_no_decision_away(world: World) -> None:
    receipt = world.take(1, world.log(), refuse(Reason.UNKNOWN_SENDER, world.globex)).receipt_id
    before = decided(world, receipt)
    assert again(world, receipt, refuse(Reason.ERROR), error="Traceback").decisions == ()
    assert decided(world, receipt) == before == {world.acme: "logged", world.globex: "unknown-sender"}


def test_an_account_that_is_no_longer_concerned_has_no_decision(world: World) -> None:
    receipt = world.take(1, refuse(Reason.UNKNOWN_SENDER, world.acme)).receipt_id
    again(world, receipt, refuse(Reason.NO_LOG_ADDRESS))
    assert decided(world, receipt) == {0: "no-log-address"}


def test_an_original_more_is_added(world: World) -> None:
    receipt = world.take(1, world.log(entry(TO_CARL))).receipt_id
    again(
        world,
        receipt,
        world.log(entry(TO_CARL), entry(CC_DORA, by_id="id-2", by_content="c2", subject="Offer 18")),
    )
    assert world.timeline("dora@client.example") == ["Offer 18"]
    assert world.captures() == [(1, receipt), (2, receipt)]
