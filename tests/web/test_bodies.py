"""What a mail's body may not do when it is shown, and what of it stays."""

from __future__ import annotations

import time

import pytest

from crm_logger.web.bodies import DEEPEST, LARGEST, MOST_TAGS, Sanitised, data_address, sanitise


@pytest.fixture(scope="session")
def server() -> None:
    """Databases in files alone: to these tests their kind makes no difference."""


PNG = "data:image/png;base64,AA=="


def clean(html: str) -> Sanitised:
    found = sanitise(html, lambda content_id: PNG if content_id == "logo@acme.test" else "")
    assert found is not None
    return found


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="JaVaScript:alert(1)">x</a>',
        '<a href="data:text/html,<script>">x</a>',
        '<a href="vbscript:x">x</a>',
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        '<iframe src="https://evil.example"></iframe>',
        '<form action="https://evil.example"><input name=q><button>x</button></form>',
        '<meta http-equiv="refresh" content="0;url=https://evil.example">',
        '<base href="https://evil.example/">',
        '<link rel="stylesheet" href="https://evil.example/x.css">',
        "<style>@import url(https://evil.example/x.css)</style>",
        '<img src="https://evil.example/pixel.gif">',
        '<img src="//evil.example/pixel.gif">',
        '<img src="data:image/svg+xml,<svg/onload=alert(1)>">',
        '<img src="cid:unknown@acme.test">',
        '<img srcset="https://evil.example/x 2x">',
        '<table background="https://evil.example/x.gif"><tr><td>x</td></tr></table>',
        '<p style="background:url(https://evil.example/x)">x</p>',
        '<p style="background:ur\\6c(https://evil.example/x)">x</p>',
        '<p style="width:expression(alert(1))">x</p>',
        '<p style="color:red}</style><script>alert(1)</script>">x</p>',
        '<p style="color:red;}body{display:none">x</p>',
        '<p style="position:fixed;top:0">x</p>',
        '<p id="main" class="told" name="form_token">x</p>',
        "<object data=x></object><embed src=x><video src=https://evil.example></video>",
    ],
)
def test_nothing_in_a_body_runs_loads_or_leads_astray(html: str) -> None:
    found = clean(html)
    shown = (found.html + found.css).lower()
    for bad in (
        "script",
        "onerror",
        "evil.example",
        "url(",
        "expression",
        "position",
        "<form",
        "<iframe",
        "<meta",
        "<style",
        "data:",
        "cid:",
        "id=",
        "told",
        "}b",
        "\\",
    ):
        assert bad not in shown, (bad, shown)


def test_what_a_mail_looked_like_stays() -> None:
    found = clean(
        '<p style="color: #a00; font-weight:bold">Dear <b>Carl</b></p><table><tr><td bgcolor="#eee">1</td></tr></table>'
        '<a href="https://acme.test/x">link</a><img src="cid:logo%40acme.test" alt="Logo">'
    )
    assert "<b>Carl</b>" in found.html
    assert "{color:#a00;font-weight:bold}" in found.css
    assert 'bgcolor="#eee"' in found.html
    assert 'rel="noopener noreferrer nofollow"' in found.html
    assert 'target="_blank"' in found.html
    assert PNG in found.html


def test_the_text_of_a_mail_cannot_name_a_style_of_ours() -> None:
    assert 'class="' not in clean('<p>style="s00-1"</p><p style="s00-1">x</p>').html


@pytest.mark.parametrize(
    "html",
    [
        "x" * (LARGEST + 1),
        "<div>" * (DEEPEST + 1),
        "<p></p>" * 20 + "<b><i>" * DEEPEST,
        "<div><table></div></table>" * MOST_TAGS,
    ],
)
def test_what_is_too_large_or_too_tangled_is_shown_as_text(html: str) -> None:
    assert sanitise(html, lambda _: "") is None


@pytest.mark.parametrize(
    "html",
    [
        "<div><table></div></table>" * (MOST_TAGS // 2 - 1),
        "<a " + " ".join(f"b{number}" for number in range(60_000)) + ">x",
        "<b><i></b></i>" * (MOST_TAGS // 2 - 1),
        "<" * LARGEST,
        "&" * LARGEST,
        "<!--" * (LARGEST // 4),
    ],
)
def test_hostile_markup_costs_little_time(html: str) -> None:
    start = time.process_time()
    sanitise(html, lambda _: "")
    assert time.process_time() - start < 3


def test_lone_surrogates_do_no_harm() -> None:
    assert "ab" in clean("<p>a\ud800b</p>").html


@pytest.mark.parametrize(
    ("content_type", "shown"),
    [("image/png", True), ("IMAGE/JPEG; name=x", True), ("image/svg+xml", False), ("text/html", False)],
)
def test_only_pictures_that_run_nothing_are_shown(content_type: str, shown: bool) -> None:  # noqa: FBT001 -- a table's column
    assert data_address(content_type, b"x").startswith("data:image/") is shown
