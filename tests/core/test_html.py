"""HTML to text that keeps its lines, and HTML cut out by lines."""

from __future__ import annotations

import time

import pytest

from crm_logger.core.html import HtmlDocument, html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<div>a<br></div><div><br></div><div>b</div>", "a\n\nb"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ('<p class="MsoNormal">a</p><p class="MsoNormal">b</p>', "a\nb"),
        ('<p style="margin: 0">a</p><p style="margin:0px">b</p>', "a\nb"),
        ("<div>a</div><div>&nbsp;</div><div>b</div>", "a\n\nb"),
        ("a \n\t b", "a b"),
        ("a&nbsp;&nbsp;b", "a  b"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        (
            "<table><tr><th>From:</th><td>Carl</td></tr><tr><th>To:</th><td>Ann</td></tr></table>",
            "From:\tCarl\nTo:\tAnn",
        ),
        ("<pre>a\n  b\r\nc&nbsp;d</pre>", "a\n  b\nc d"),
        ("<style>p{}</style><script>x</script><title>t</title>a<!-- no -->", "a"),
        ('<div style="display: none">hidden</div>a<a style="display:none" href="x">b</a>', "a"),
        ('<a href="https://client.example">here</a>', "here"),
        ('<a href="mailto:carl@client.example">Carl</a>', "Carl"),
        ("a<blockquote>b<blockquote>c</blockquote></blockquote>d", "a\n> b\n>> c\nd"),
        ('<blockquote style="margin:0 0 0 40px;border:none">indented</blockquote>', "indented"),
        ("<blockquote>a<br><br>b</blockquote>", "> a\n>\n> b"),
        ("a\ue000<b>\ue001</b>", "a"),
        ("</a>lone<a>open", "loneopen"),
        ("<svg><text>drawn</text></svg>a", "a"),
        ('<body style="display:none">hidden', ""),
        (f'<p style="{"color:red;" * 60}margin: 0">a</p><p style="margin:0">b</p>', "a\nb"),
    ],
)
def test_a_reader_sees_the_same_lines(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_an_address_that_stands_only_in_a_link_is_told_beside_the_text() -> None:
    html = 'To: <a href="mailto:ann@acme.test?subject=x">Ann</a>, <a href="MAILTO:bob@acme.test">bob@acme.test</a>'

    line = HtmlDocument(html).lines[0]

    assert (line.text, line.rich) == ("To: Ann, bob@acme.test", "To: Ann <ann@acme.test>, bob@acme.test")


@pytest.mark.parametrize(
    ("html", "start", "end", "cut"),
    [
        ("<div>note</div><div><b>body</b></div>", 1, None, "<div><b>body</b></div>"),
        ("<div>note<br><i>body</i> goes on<br>end</div>", 1, None, "<div><i>body</i> goes on<br>end</div>"),
        (
            "<div>note</div><blockquote><p>body</p></blockquote><p>below</p>",
            1,
            3,
            "<blockquote><p>body</p></blockquote><p></p>",
        ),
        ("<div>note</div><div>body</div>", 1, 2, "<div>body</div>"),
        ("note<br>body<br>below<b>more</b>", 1, 2, "body<br>"),
        ("<div>note</div>", 1, None, ""),
        ("<frameset></frameset>", 0, None, ""),
        ("<pre>note\nbody</pre>", 1, None, ""),
        ("<div>note</div><pre>body\nmore</pre>", 1, 2, ""),
    ],
)
def test_a_run_of_lines_is_cut_out_with_its_markup(html: str, start: int, end: int | None, cut: str) -> None:
    assert HtmlDocument(html).cut(start, end) == cut


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000 + "x" + "</div>" * 50_000,
        "</div>" * 50_000 + "<b>" * 50_000,
        "<table><tr><td>" * 20_000,
        "<p>" * 50_000,
        "<" * 200_000,
        "<div a=b " * 20_000,
        '<a href="mailto:a@b.example">x</a>' * 20_000,
    ],
    ids=lambda html: html[:12],
)
def test_hostile_markup_takes_no_longer_than_its_size(html: str) -> None:
    before = time.process_time()

    html_to_text(html)

    assert time.process_time() - before < 3
