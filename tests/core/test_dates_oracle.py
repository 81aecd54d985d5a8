"""An oracle for dates: dateparser, slow and guessing, must not contradict what we read with certainty."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.dates import parse_written_date

if TYPE_CHECKING:
    from datetime import datetime

WRITTEN = [
    line.split("\t") for line in (Path(__file__).parent / "written_dates.tsv").read_text().splitlines()
]
LANGUAGES = (
    "da",
    "de",
    "en",
    "es",
    "fi",
    "fr",
    "hr",
    "hu",
    "id",
    "it",
    "nl",
    "pl",
    "ro",
    "ru",
    "sv",
    "tr",
    "uk",
    "vi",
)


def told_by_oracle(text: str, language: str) -> datetime | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its libraries warn of one another
        import dateparser  # noqa: PLC0415 -- its import warns too

        found: datetime | None = dateparser.parse(
            text, languages=[language], settings={"RETURN_AS_TIMEZONE_AWARE": False}
        )
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_oracle_agrees_where_it_reads_a_date(language: str) -> None:
    texts = [text for tag, text, _ in WRITTEN if tag == language]
    assert texts
    read = [(text, parse_written_date(text, language).wall, told_by_oracle(text, language)) for text in texts]
    both = [
        (text, ours.replace(tzinfo=None), theirs.replace(tzinfo=None))
        for text, ours, theirs in read
        if ours and theirs
    ]
    assert len(both) >= len(texts) / 2
    assert [each for each in both if each[1] != each[2]] == []
