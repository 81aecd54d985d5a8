"""Many lines that learn their conversation together learn what each would have learnt alone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_logger.store import conversations
from crm_logger.store.tables import Contact, Engagement, EngagementContact

from .builders import NOW, SENT

if TYPE_CHECKING:
    from .builders import World


class Mail(NamedTuple):
    """A mail of one of the accounts, on the timelines of some of its three contacts."""

    account: int
    contacts: frozenset[int]
    sent_at: datetime
    subject: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]


class Join(NamedTuple):
    """So many lines at most are told."""

    limit: int


class Forget(NamedTuple):
    """The timeline of one of the six contacts is found out anew."""

    contact: int


Step = list[Mail] | Join | Forget

IDS = st.sampled_from(("", "", "a", "b", "c", "d"))
DAYS = st.sampled_from((0, 0, 1, 59, 60, 61, 120))
MAILS = st.builds(
    Mail,
    account=st.sampled_from((0, 0, 1)),
    contacts=st.frozensets(st.integers(0, 2), min_size=1),
    sent_at=st.builds(
        lambda day, micro: SENT + timedelta(days=day, microseconds=micro), DAYS, st.sampled_from((0, 5))
    ),
    subject=st.sampled_from(("", "Offer", "AW: Offer", "Invoice")),
    message_id=IDS,
    in_reply_to=IDS,
    references=st.one_of(
        st.lists(IDS, max_size=3).map(tuple), st.just(("a", *(f"far-{number}" for number in range(20))))
    ),
)
STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.lists(MAILS, min_size=1, max_size=6),
        st.builds(Join, st.integers(1, 9)),
        st.builds(Forget, st.integers(0, 5)),
    ),
    max_size=8,
)


@dataclass
class Plainly:
    """What is told of conversations, said as plainly as can be: each line by itself, in order."""

    mails: dict[int, Mail] = field(default_factory=dict)
    lines: dict[tuple[int, int], tuple[int | None, bool | None]] = field(default_factory=dict)
    known: dict[tuple[int, str], tuple[int, datetime]] = field(default_factory=dict)

    def join(self, limit: int) -> int:
        loose = sorted(line for line, (conversation, _) in self.lines.items() if conversation is None)[:limit]
        for number, contact in loose:
            self._place(number, contact, self._conversation(number, self.mails[number]))
        return len(loose)

    def forget(self, contact: int) -> None:
        self.lines.update({line: (None, None) for line in self.lines if line[1] == contact})

    def _conversation(self, number: int, mail: Mail) -> int:
        ids = [mail.message_id, mail.in_reply_to, *reversed(mail.references[-20:])]
        names = [(mail.account, f"id {each}") for each in ids if each]
        subject = mail.account, f"subject {mail.subject.removeprefix('AW: ')}"
        found = [self.known[name][0] for name in names if name in self.known]
        if mail.subject and subject in self.known:
            conversation, at = self.known[subject]
            found += [conversation] if abs(mail.sent_at - at) <= timedelta(days=60) else []
        conversation = (*found, number)[0]
        for name in names:
            self.known.setdefault(name, (conversation, mail.sent_at))
        if mail.subject:
            self.known[subject] = conversation, mail.sent_at
        return conversation

    def _place(self, number: int, contact: int, conversation: int) -> None:
        self.lines[number, contact] = conversation, None
        same = [line for line, (of, _) in self.lines.items() if line[1] == contact and of == conversation]
        newest = max(same, key=lambda line: (self.mails[line[0]].sent_at, line[0]))
        self.lines |= {line: (conversation, None if line == newest else True) for line in same}


class UndoError(Exception):
    """Ends a transaction that shall leave nothing."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_lines_told_together_learn_what_each_would_learn_alone(world: World, steps: list[Step]) -> None:
    with suppress(UndoError), world.store.writing():
        take(world, steps)
        raise UndoError


def take(world: World, steps: list[Step]) -> None:
    accounts = world.acme, world.globex
    contacts = [Contact.create(account=accounts[each // 3], name="", created=NOW).id for each in range(6)]
    plainly = Plainly()
    for step in [*steps, Join(1000)]:
        match step:
            case Join(limit):
                assert conversations.join(limit) == plainly.join(limit)
            case Forget(contact):
                conversations.forget(contacts[contact])
                plainly.forget(contacts[contact])
            case mails:
                for mail in mails:
                    number = log(accounts[mail.account], contacts, mail)
                    plainly.mails[number] = mail
                    plainly.lines |= {(number, contact): (None, None) for contact in on(mail, contacts)}
        rows = EngagementContact.select()
        assert {
            (row.engagement_id, row.contact_id): (row.conversation, row.folded) for row in rows
        } == plainly.lines
    assert not conversations.is_behind()


def on(mail: Mail, contacts: list[int]) -> list[int]:
    return [contacts[3 * mail.account + each] for each in sorted(mail.contacts)]


def log(account: int, contacts: list[int], mail: Mail) -> int:
    told = mail._asdict() | {"account": account, "references": list(mail.references)}
    del told["contacts"]
    row = Engagement.create(
        **told, direction="outgoing", kind="bcc", text="", html="", received_at=NOW, date_text="", key_content=""
    )  # fmt: skip
    Engagement.update(key_id=str(row.id)).where(Engagement.id == row.id).execute()
    for contact in on(mail, contacts):
        EngagementContact.create(contact=contact, sent_at=mail.sent_at, engagement=row.id, role="to")
    return row.id
