"""How commands print."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_logger.admin import show


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Hello\r\nBcc: x", "Hello Bcc: x"),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x07", "link"),
        ("\x1bMup", "up"),
        ("a\x00b\x08c\x7fd\x9be", "abcde"),
        ("\u202egnp.exe\u2066\u200f", "gnp.exe"),
        ("a\u2028b \ud800", "ab"),
        ("می\u200cخواهم 👩\u200d💻 ünï 漢字", "می\u200cخواهم 👩\u200d💻 ünï 漢字"),
        ("write to BCC-abcdefghijklmnopqrstuvwxyz+tag@log.example", "write to BCC-…@log.example"),
        ("forward-thinking@acme.test", "forward-thinking@acme.test"),
    ],
)
def test_a_line_is_cleaned(said: str, shown: str) -> None:
    assert show.clean(said) == shown


def test_a_text_keeps_its_lines() -> None:
    assert show.clean_lines("a\r\n\tb\n\x1b[2Jc\rd") == "a\n    b\ncd"


def test_times_are_local_for_people_and_utc_for_programs() -> None:
    moment = datetime(2026, 5, 4, 9, 30, 15, 123456, tzinfo=UTC)
    assert datetime.fromisoformat(show.local(moment)) == moment.replace(second=0, microsecond=0)
    assert show.utc(moment) == "2026-05-04T09:30:15Z"
    assert (show.local(None), show.utc(None)) == ("", None)


def test_columns_stand_below_each_other_in_every_script(capsys: pytest.CaptureFixture[str]) -> None:
    show.echo_table(("NAME", "X"), [("漢字", "1"), ("e\u0301", "2"), ("plain", "3")])
    assert capsys.readouterr().out == "NAME   X\n漢字   1\ne\u0301      2\nplain  3\n"


def test_a_table_may_be_empty(capsys: pytest.CaptureFixture[str]) -> None:
    show.echo_table(("NAME", "X"), [])
    assert capsys.readouterr().out == "NAME  X\n"


@pytest.mark.parametrize(
    ("name", "address", "shown"),
    [
        ("Carl", "c@x.example", "Carl <c@x.example>"),
        ("", "c@x.example", "c@x.example"),
        ("c@x.example", "c@x.example", "c@x.example"),
        ("Carl", "", "Carl"),
        ("", "", ""),
    ],
)
def test_a_person_is_a_name_with_an_address(name: str, address: str, shown: str) -> None:
    assert show.person(name, address) == shown
