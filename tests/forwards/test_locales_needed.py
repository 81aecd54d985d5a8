"""Each language's entry is needed: without it, and with the structure engine switched off, some sample fails."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.forward import find_forward
from crm_logger.core.forward.vocabulary import Engines, Vocabulary
from crm_logger.core.locales import LOCALES
from crm_logger.core.message import parse_message
from tests.cast import mail
from tests.forwards.render import samples
from tests.forwards.score import answer_of, verdicts

if TYPE_CHECKING:
    from tests.forwards.sample import Sample

TOLD_AS = {"fil": "tl", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}
"""Languages that the samples name by another tag."""

BLOCKS = {
    "ht": "Ekspeditè: {who}\nDat: 2026-05-03 09:12\nSijè: Offer\nDestinatè: ann@acme.test\nCc: dora@client.example",
    "pt-BR": "De: {who}\nEnviada em: domingo, 3 de maio de 2026 09:12\nPara: ann@acme.test\n"
    "Com cópia: dora@client.example\nAssunto: Offer",
    "xh": "Ukusuka ku: {who}\nUmhla: 2026-05-03 09:12\nUmxholo: Offer\nUkuya ku: ann@acme.test\nCc: dora@client.example",
}
"""Header blocks of languages whose samples another entry, or structure alone, could read."""


@cache
def by_language() -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples():
        if sample.truth.forwarded and not sample.truth.uncertain:
            found[sample.language].append(sample)
    return found


def words_of(*without: str) -> Engines:
    return Engines(Vocabulary(entry for entry in LOCALES if entry.tag not in without), by_shape=False)


def is_right(sample: Sample, engines: Engines) -> bool:
    return all(verdicts(answer_of(sample.raw, engines), sample.truth).values())


def reads_block(tag: str, engines: Engines) -> bool:
    block = BLOCKS[tag].format(who="Carl <carl@client.example>")
    forward = find_forward(
        parse_message(mail(subject="Fwd: Offer", body=f"FYI\n\n{block}\n\nHello\n")), engines
    )
    if forward is None:
        return False
    original = forward.originals[0]
    people = [original.sender, *original.to, *original.cc]
    return [p and p.address for p in people] == [
        "carl@client.example",
        "ann@acme.test",
        "dora@client.example",
    ]


@pytest.mark.parametrize("tag", [entry.tag for entry in LOCALES])
def test_every_locale_is_needed(tag: str) -> None:
    everything, without = words_of(), words_of(tag)
    if tag in BLOCKS:
        assert reads_block(tag, everything)
        assert not reads_block(tag, without)
        return
    fallen = (
        s
        for s in by_language()[TOLD_AS.get(tag, tag)]
        if not is_right(s, without) and is_right(s, everything)
    )
    assert next(fallen, None) is not None
