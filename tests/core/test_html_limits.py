"""HTML whose cost would grow with its square is read in linear time, and ordinary markup stays as it is."""

from __future__ import annotations

import time

import pytest

from crm_logger.core.html import HtmlDocument, html_to_text

PADDING = "<p>x</p>" * 4000


@pytest.mark.parametrize(
    "markup",
    [
        "<p " + "".join(f"a{number}=1 " for number in range(60_000)) + ">",
        '<p a=">" ' + "a/" * 200_000 + ">",
        "<p " + "a='>' b " * 60_000 + ">",
        "<" + "a" * 200_000 + "<b>" * 600,
        "<p " * 150_000,
        "<div>" * 100_000,
    ],
    ids=["attributes", "slashes", "quoted ends", "a long name", "open tags", "nesting"],
)
def test_costly_markup_is_read_in_linear_time(markup: str) -> None:
    started = time.process_time()
    assert html_to_text(f"Before<br>{markup}").startswith("Before")
    assert time.process_time() - started < 1


def test_the_attributes_of_a_sound_tag_are_kept() -> None:
    image = "data:image/png;base64," + "A" * 60_000
    attributes = " ".join(f"a{number}=1" for number in range(400))
    markup = f'{PADDING}<p class="x" title="{image}" {attributes}>Hello</p>'
    document = HtmlDocument(markup)
    assert image in document.cut(0)


def test_a_tag_with_far_too_many_attributes_keeps_its_text() -> None:
    markup = PADDING + "<p " + "style=display:none " + "b " * 600 + ">Hello</p>"
    assert html_to_text(markup).endswith("Hello")
