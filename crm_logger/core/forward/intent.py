"""Reply or forward: both quote a mail, and what tells them apart is weighed here."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from crm_logger.core.forward.lines import plain
from crm_logger.core.forward.subjects import read_prefix, split_prefix
from crm_logger.core.forward.vocabulary import Field

if TYPE_CHECKING:
    from crm_logger.core.forward.reading import Reading
    from crm_logger.core.forward.scan import Beginning
    from crm_logger.core.forward.subjects import Prefix
    from crm_logger.core.forward.vocabulary import Vocabulary
    from crm_logger.core.model import Message

_MARKER = 3.0
_WHOLE = (Field.SENDER, Field.TO, Field.DATE, Field.SUBJECT)
_OUTLOOK = (Field.SENDER, Field.DATE, Field.TO, Field.SUBJECT)
_ONE_PHRASE = 8  # octets: four signs of Chinese are as much as a long word


class Intent(Enum):
    """What the mail does with another one that begins in its body."""

    FORWARDS = auto()
    MAY_FORWARD = auto()
    ANSWERS = auto()
    MENTIONS = auto()


def intent(message: Message, found: Beginning, words: Vocabulary) -> Intent:
    """Tell what the mail does with what begins there."""
    prefix = read_prefix(message.subject, words)
    points = (
        _by_prefix(message, found, prefix)
        + _by_marker(message, found, prefix)
        + _by_recipients(message, found)
    )
    points -= 0.5 if message.in_reply_to else 0.0
    points += 4.0 if _tells_what_it_forwards(message) else 0.0
    if found.attribution and found.marker is None:
        return Intent.FORWARDS if points > 1.5 else Intent.ANSWERS
    if found.block is None:
        return Intent.FORWARDS if (points >= 0 if found.attribution else points > _MARKER) else Intent.ANSWERS
    if points < 0:
        return Intent.ANSWERS
    if not prefix.forward and _is_template(found.block):
        return Intent.MENTIONS
    return (
        Intent.FORWARDS
        if _is_announced(message, found, prefix)
        else _by_block_alone(message, found, found.block)
    )


def _tells_what_it_forwards(message: Message) -> bool:
    """Thunderbird's field, which no other mail has."""
    return bool(message.first("X-Forwarded-Message-Id"))


def _is_announced(message: Message, found: Beginning, prefix: Prefix) -> bool:
    """Whether more than the block itself says that a mail begins here."""
    if found.marker is not None or found.framed or prefix.forward or _tells_what_it_forwards(message):
        return True
    if found.block is None or 0 <= found.opening < found.block.run.start:
        return found.block is not None
    return bool(prefix.word) and _is_same_subject(found.block) and _is_of_one_make(found.block)


def _is_template(block: Reading) -> bool:
    """Whether it only shows how a block looks, as in a guide to forwarding: `Date: ...` under another subject tells no day."""
    date = block.text(Field.DATE)
    return bool(date) and not any(map(str.isdigit, date)) and not _is_same_subject(block)


def _is_of_one_make(block: Reading) -> bool:
    """Whether the labels are all known for what they are, or none is: a client speaks one language.

    "Task: Call the customer" stands above `Owner:`, `Due:` and `Subject:`, a ticket above `Requester:` and `Created:`.
    """
    told = [(name, value) for name in _WHOLE if (value := block.value(name))]
    known = sum(any(meaning.field is name for meaning in value.row.meanings) for name, value in told)
    return known in {0, len(told)}


def _by_block_alone(message: Message, found: Beginning, block: Reading) -> Intent:
    """People write `From:` and `To:` of journeys too, and quote the header lines of a log, a template or a faked mail.

    Where nothing but the block tells of a forward, it must be whole. Under the outer subject it is one. Under another, it must
    stand in the order of the one client that draws nothing above it (Outlook), and it is a forward where it begins the mail or the
    outer subject speaks of it; else nobody can tell.
    """
    if not _is_whole(block):
        return Intent.MENTIONS
    if _is_same_subject(block):
        return Intent.FORWARDS if _is_of_one_make(block) else Intent.MENTIONS
    if not _is_in_outlooks_order(block):
        return Intent.MENTIONS
    return Intent.FORWARDS if found.begins_mail or _speaks_of(message.subject, block) else Intent.MAY_FORWARD


def _is_in_outlooks_order(block: Reading) -> bool:
    """Sender, date, recipients, subject; what a person copies from a mail's source has the date elsewhere or its subject above."""
    return [block.roles[field] for field in _OUTLOOK] == sorted(block.roles[field] for field in _OUTLOOK)


def _speaks_of(outer: str, block: Reading) -> bool:
    """Whether the user wrote something around the original's subject."""
    inner, outer = plain(block.text(Field.SUBJECT)).casefold(), plain(outer).casefold()
    return any(
        len(some.encode()) >= _ONE_PHRASE and some in outer for some in (inner, split_prefix(inner)[1])
    )


def _is_same_subject(block: Reading) -> bool:
    subject = block.value(Field.SUBJECT)
    return subject is not None and subject.is_subject


def _is_whole(block: Reading) -> bool:
    """Whether a block tells the address of who wrote, to whom, when and about what, in words that are known or repeat the subject."""
    told = [block.value(field) for field in _WHOLE]
    if not all(told):
        return False
    sender, to, date, subject = (value for value in told if value)
    known = all(value.row.meanings for value in told if value)
    return sender.has_address and date.is_date and (known or (subject.is_subject and to.has_address))


def _by_prefix(message: Message, found: Beginning, prefix: Prefix) -> float:
    forward, reply = prefix.forward, prefix.reply
    if forward and reply and (languages := _languages(found)):
        forward, reply = forward & languages, reply & languages
    if reply and not forward:
        return -6.0 if prefix.inner_forward or _answers(message, found) else -3.0
    if forward:
        return 0.5 if reply else 3.0
    same = found.block.value(Field.SUBJECT) if found.block else None
    return 1.0 if prefix.word and same is not None and same.is_subject else 0.5 if prefix.word else 0.0


def _answers(message: Message, found: Beginning) -> bool:
    """Whether a reply's subject is the block's own behind its prefix: the quoted mail had none yet."""
    quoted = found.block.text(Field.SUBJECT) if found.block and message.in_reply_to else ""
    return bool(quoted) and plain(split_prefix(message.subject)[1]) == plain(quoted)


def _languages(found: Beginning) -> frozenset[str]:
    if found.block:
        return found.block.languages
    return found.attribution.languages if found.attribution else frozenset()


def _by_marker(message: Message, found: Beginning, prefix: Prefix) -> float:
    """A forward's own marker says it, unless it is quoted as everything else in a reply. Apple's opens the quote that holds the mail."""
    if found.depth and not (found.opens_quote and _is_no_reply(message, found, prefix)):
        return -2.0
    return _MARKER if found.marker else 0.0


def _is_no_reply(message: Message, found: Beginning, prefix: Prefix) -> bool:
    """Whether nothing in the header says that it is one; below a forward's own marker an In-Reply-To need not."""
    return not (prefix.reply - prefix.forward) and (bool(found.marker) or not message.in_reply_to)


def _by_recipients(message: Message, found: Beginning) -> float:
    """A reply goes to the author of what it quotes; a forward goes to somebody else."""
    outer = {person.address for person in (*message.to, *message.cc) if person.address}
    author, people = _people(found)
    if not outer or not people:
        return 0.0
    if author & outer:
        return -2.5
    return -1.5 if outer <= people else 1.5


def _people(found: Beginning) -> tuple[set[str], set[str]]:
    if found.attribution:
        address = found.attribution.sender.address
        return {address} - {""}, {address} - {""}
    if found.block is None:
        return set(), set()
    sender = found.block.value(Field.SENDER)
    people = {address for value in found.block.values if value.has_address for address in value.addresses}
    return set(sender.addresses) if sender and sender.has_address else set(), people
