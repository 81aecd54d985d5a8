"""The table of accuracy counts what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.forwards.figures import FIELDS, everything, tally
from tests.forwards.pasted.mails import edited, quoting
from tests.forwards.stories import Person

if TYPE_CHECKING:
    from tests.forwards.sample import Sample


def rows(*chosen: Sample) -> dict[str, dict[str, str]]:
    """The table's lines by client or language, their cells by column."""
    found = {}
    for line in filter(None, tally(chosen).lines()):
        name, *cells = line.split()
        if cells[0] != "mails":
            found[name] = dict(zip(("mails", *FIELDS.values()), cells, strict=True))
    return found


def one() -> Sample:
    return next(sample for sample in edited() if sample.client == "gmail" and sample.language == "de")


def test_a_line_tells_the_mails_of_a_client_and_of_a_language_and_the_share_that_is_right() -> None:
    right = one()
    false = replace(right, truth=right.truth.but(subject="another", sender=Person("", "eve@other.example")))

    table = rows(right, false, replace(right, client="other"))

    assert table["gmail"]["mails"] == "2"
    assert table["de"]["mails"] == table["all"]["mails"] == "3"
    shares = [table[name]["subject"] for name in ("gmail", "other", "de")]
    assert shares == ["50.0", "100.0", "66.7"]
    assert [table[name]["wrong"] for name in ("gmail", "other", "all")] == ["1", "0", "1"]
    assert [table["gmail"][name] for name in ("forwarded", "sender", "date", "knowledge")] == [
        "100.0",
        "50.0",
        "100.0",
        "50.0",
    ]


def test_to_and_cc_are_right_together_and_each_engine_is_asked_alone() -> None:
    right = one()
    false = replace(right, truth=right.truth.but(cc=(Person("", "eve@other.example"),)))

    assert rows(right, false)["gmail"]["To/Cc"] == "50.0"
    composed = next(sample for sample in everything(97) if sample.composed and sample.truth.forwarded)
    assert set(rows(composed)["all"]) >= {"knowledge", "structure"}


def test_what_is_no_forward_is_asked_for_that_alone() -> None:
    table = rows(next(iter(quoting())))

    assert (table["cron"]["forwarded"], table["cron"]["sender"], table["cron"]["structure"]) == (
        "100.0",
        "-",
        "-",
    )


def test_all_sets_are_in_the_table() -> None:
    groups = {sample.group for sample in everything(23)}

    assert groups >= {"client", "desk", "desk-trap", "mailroom", "edited", "quoting", "strangers"}
