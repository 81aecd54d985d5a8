"""format=flowed (RFC 3676)."""

from __future__ import annotations

import pytest

from crm_logger.core.flowed import unwrap

LONG = "a line that is long enough to have been wrapped by a client "


@pytest.mark.parametrize(
    ("flowed", "text"),
    [
        ("", ""),
        ("Hello\nCarl", "Hello\nCarl"),
        (LONG + "\nand goes on", LONG + "and goes on"),
        (LONG + "\n" + LONG + "\nand on", LONG + LONG + "and on"),
        ("> " + LONG + "\n> and goes on", "> " + LONG + "and goes on"),
        (">> " + LONG + "\n> a reply", ">> " + LONG + "\n> a reply"),
        ("Regards\n-- \nAnn", "Regards\n-- \nAnn"),
        (LONG + "\n-- \nAnn", LONG + "\n-- \nAnn"),
        (" From stuffed", "From stuffed"),
        (" >not a quote", ">not a quote"),
        ("Subject: \nDate: today", "Subject: \nDate: today"),
        (" " * 50 + "\nnext", " " * 49 + "\nnext"),
    ],
)
def test_lines_that_were_wrapped_are_joined_and_others_are_not(flowed: str, text: str) -> None:
    assert unwrap(flowed) == text


def test_with_delsp_the_blank_is_no_part_of_the_text() -> None:
    assert unwrap(LONG + "\nx", delete_space=True) == LONG.rstrip() + "x"
