"""No bytes make classify raise, and no message leaves the intake without a receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import cast as as_a

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_logger.core.classify import classify
from crm_logger.core.message import parse_message
from crm_logger.core.model import Log, Outcome, Refuse
from crm_logger.core.settle import settle
from crm_logger.intake import Intake
from tests import cast
from tests.cast import RECEIVED, bcc, forward, forwarding, mail
from tests.fakes import FakeMailbox, FakeReader
from tests.office import NOW, open_office

if TYPE_CHECKING:
    import pytest

    from crm_logger.isolation import Reader
    from crm_logger.mailbox import Mailbox

_TRUE = (
    mail(to_log=bcc()),
    mail(to_log=(bcc(), bcc("globex")), cc=cast.DORA),
    forward(),
    forward(body="FYI", attached=(mail(author=cast.CARL, to="ann@acme.test"),)),
    mail(to_log=forwarding(), author=cast.CARL, headers=(("Resent-From", "ann@acme.test"),)),
)
_PIECES = st.sampled_from(
    [
        b"\r\n",
        b"\n\n",
        b"\r",
        b"\x00",
        b"From: ",
        b"To: <",
        b"Date: ",
        b"=?utf-8?q?",
        b"?=",
        b"--",
        b"\xff\xfe",
        b"<",
        b">",
        b'"',
        b"(",
        b"@",
        b"@log.example",
        b";",
        b",",
        b":",
        b"boundary=",
        b"Content-Type: multipart/mixed",
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A true mail with pieces put in, taken out and doubled."""
    raw = draw(st.sampled_from(_TRUE))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(raw)))
        end = draw(st.integers(start, min(start + 40, len(raw))))
        raw = (
            raw[:start]
            + draw(st.one_of(_PIECES, st.binary(max_size=8), st.just(raw[start:end] * 2)))
            + raw[end:]
        )
    return raw


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=400), mutated()), st.booleans())
def test_no_bytes_make_classify_raise(raw: bytes, partial: bool) -> None:  # noqa: FBT001 -- drawn by hypothesis
    known = cast.directory()
    decisions = classify(parse_message(raw, known.policy, partial=partial), known, RECEIVED)
    assert decisions
    assert len({decision.account for decision in decisions}) == len(decisions)
    for decision in decisions:
        if isinstance(decision, Log):
            assert all(settle(entry, (), logged=False) for entry in decision.entries)
        else:
            assert isinstance(decision, Refuse)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.binary(max_size=400), mutated()), min_size=1, max_size=8))
def test_no_message_leaves_the_intake_without_a_receipt(
    tmp_path_factory: pytest.TempPathFactory, raws: list[bytes]
) -> None:
    office = open_office(tmp_path_factory.mktemp("property"))
    mailbox = FakeMailbox()
    uids = mailbox.put(*(raw.replace(bcc().encode(), office.bcc.encode()) for raw in raws))
    box, reader = as_a("Mailbox", mailbox), as_a("Reader", FakeReader())
    taker = Intake(office.config, office.store, box, reader, lambda: NOW)
    turn = taker.turn()
    assert office.store.without_receipt(taker.place(), uids) == []
    assert Outcome.FAILED not in turn.outcomes
    assert taker.turn(whole=True).outcomes == {}
    office.store.close()
