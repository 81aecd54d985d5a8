"""Reply or forward: both quote a mail, and what tells them apart is weighed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_logger.core.forward.lines import plain
from crm_logger.core.forward.subjects import read_prefix, split_prefix
from crm_logger.core.forward.vocabulary import Field

if TYPE_CHECKING:
    from crm_logger.core.forward.reading import Reading
    from crm_logger.core.forward.scan import Beginning
    from crm_logger.core.forward.vocabulary import Vocabulary
    from crm_logger.core.model import Message

_MARKER = 3.0
_WHOLE = (Field.SENDER, Field.TO, Field.DATE, Field.SUBJECT)


def forwards(message: Message, found: Beginning, words: Vocabulary) -> bool:
    """Whether the mail forwards what begins there, rather than answering it."""
    points = _by_prefix(message, found, words) + _by_marker(found) + _by_recipients(message, found)
    points -= 0.5 if message.in_reply_to else 0.0
    points += 4.0 if message.first("X-Forwarded-Message-Id") else 0.0
    if found.attribution and found.marker is None:
        return points > 1.5
    if found.block is None and found.attribution is None:
        return points > _MARKER
    return points >= 0 and (_is_announced(message, found, words) or _is_whole(found.block))


def _is_announced(message: Message, found: Beginning, words: Vocabulary) -> bool:
    """Whether more than the block itself says that a mail begins here; people write `From:` and `To:` of journeys too."""
    if found.block is None or found.marker is not None or found.framed:
        return True
    if 0 <= found.opening < found.block.run.start:
        return True
    prefix, subject = read_prefix(message.subject, words), found.block.value(Field.SUBJECT)
    return bool(prefix.forward or (prefix.word and subject and subject.is_subject))


def _is_whole(block: Reading | None) -> bool:
    """Whether a block tells the address of who wrote, to whom, when and about what, in words that are known or repeat the subject."""
    told = [block.value(field) for field in _WHOLE] if block else [None]
    if not all(told):
        return False
    sender, to, date, subject = (value for value in told if value)
    known = all(value.row.meanings for value in told if value)
    return sender.has_address and date.is_date and (known or (subject.is_subject and to.has_address))


def _by_prefix(message: Message, found: Beginning, words: Vocabulary) -> float:
    prefix = read_prefix(message.subject, words)
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


def _by_marker(found: Beginning) -> float:
    """A forward's own marker says it, unless it is quoted as everything else in a reply."""
    if found.depth:
        return -2.0
    return _MARKER if found.marker else 0.0


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
