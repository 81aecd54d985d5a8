"""Which mails of a timeline are one conversation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_logger.core.keys import normal_subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_logger.store.pages import Card

# What clients put before a subject: one to five letters, perhaps counted, and a colon; in some languages fullwidth.
_PREFIX = re.compile(r"^(?:\[[^\]]{1,40}\]\s*)?\w{1,5}(?:\s?[\[(]\d+[\])])?\s?[:：]\s*")


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation as far as one page shows it: its newest mail, and the earlier ones."""

    newest: Card
    earlier: tuple[Card, ...]


def fold(cards: Iterable[Card]) -> list[Thread]:
    """The mails, newest first, as conversations; each stands where its newest mail stood.

    Two mails belong together where one refers to the other, or to the same third, or where their subjects are the same
    but for what stands before them.
    """
    groups: list[list[Card]] = []
    names: dict[str, int] = {}
    for card in cards:
        keys = _keys(card)
        known = sorted({names[key] for key in keys if key in names})
        at = known[0] if known else len(groups)
        if not known:
            groups.append([])
        groups[at].append(card)
        for other in known[1:]:
            groups[at] += groups[other]
            groups[other] = []
            names = {key: at if place == other else place for key, place in names.items()}
        names.update(dict.fromkeys(keys, at))
    whole = (sorted(group, key=_order, reverse=True) for group in groups if group)
    return [Thread(group[0], tuple(group[1:])) for group in whole]


def _order(card: Card) -> tuple[object, int]:
    return card.sent_at, card.engagement


def _keys(card: Card) -> set[str]:
    subject = bare_subject(card.subject)
    ids = {f"id {each}" for each in (card.message_id, *card.references) if each}
    return ids | ({f"subject {subject}"} if subject else set())


def bare_subject(subject: str) -> str:
    """The subject without what replies and forwards put before it, in a normal form."""
    bare = normal_subject(subject)
    while (shorter := _PREFIX.sub("", bare, count=1)) != bare:
        bare = shorter
    return bare
