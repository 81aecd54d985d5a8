"""Text and HTML of one mail, and originals that came whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_logger.core.forward import find_forward
from crm_logger.core.model import Message, Person
from tests.core.forward.mails import ANN, BLOCK, CARL, DORA, found, mail

HTML = (
    '<div>FYI</div><div class="gmail_quote">---------- Forwarded message ---------<br>'
    'From: <b>Carl Client</b> &lt;<a href="mailto:carl@client.example">carl@client.example</a>&gt;<br>'
    "Date: Mon, Nov 3, 2025 at 10:00 AM<br>Subject: Offer<br>To: "
    '<a href="mailto:ann@acme.test">Ann Seller</a><br><br><div>Hello <b>Ann</b>,</div></div>'
)
INNER = Message(
    from_=(CARL,),
    to=(ANN,),
    subject="Offer",
    text="Hello Ann",
    message_id="1@client.example",
    html="<p>Hello</p>",
)


def test_an_html_forward_keeps_its_markup_without_the_note() -> None:
    original = found(mail(html=HTML)).originals[0]

    assert (original.sender, original.text) == (CARL, "Hello Ann,")
    assert original.html == '<div class="gmail_quote"><div>Hello <b>Ann</b>,</div></div>'
    assert original.to == (ANN,)


def test_the_text_is_told_by_the_text_and_the_markup_by_the_html() -> None:
    forward = found(mail(f"FYI\n\n{BLOCK}", html=HTML))

    assert forward.note == "FYI"
    assert forward.originals[0].text == "Hello Ann,\nyes, please."
    assert "<b>Ann</b>" in forward.originals[0].html


def test_the_mark_that_phones_put_before_the_forwarded_text_is_no_text() -> None:
    marked = BLOCK.replace("Hello Ann,", "\ufeffHello Ann,")

    assert found(mail(marked)).originals[0].text == "Hello Ann,\nyes, please."
    assert found(mail(f"\ufeff{marked}")).originals[0].text == "Hello Ann,\nyes, please."


def test_addresses_that_only_the_html_tells_are_taken_from_it() -> None:
    nameless = BLOCK.replace(" <carl@client.example>", "").replace(" <ann@acme.test>", "")
    forward = found(mail(f"FYI\n\n{nameless}", html=HTML))

    assert (forward.originals[0].sender, forward.originals[0].to) == (CARL, (ANN,))
    assert (forward.note, forward.originals[0].text) == ("FYI", "Hello Ann,\nyes, please.")
    recipients = found(mail(BLOCK.replace(" <ann@acme.test>", ""), html=HTML)).originals[0].to
    assert recipients == (ANN,)


def test_two_views_that_name_different_senders_are_unsure() -> None:
    forward = found(mail(BLOCK.replace("carl@", "eve@"), html=HTML))

    assert forward.originals[0].sender is None
    assert [candidate.address for candidate in forward.candidates] == ["eve@client.example", CARL.address]


@pytest.mark.parametrize(
    ("text", "html", "forwarded"),
    [
        ("see the HTML", HTML, True),
        ("", HTML, True),
        (BLOCK, "<p>no forward</p>", True),
        ("see the HTML", "<p>no forward</p>", False),
        (BLOCK.replace("From: Carl Client <carl@client.example>", "From: Carl"), "<p>no forward</p>", True),
    ],
)
def test_one_view_is_enough(text: str, html: str, forwarded: bool) -> None:  # noqa: FBT001 -- a table's column
    assert (find_forward(mail(text, html=html)) is not None) is forwarded


def test_a_reply_in_the_text_is_a_reply() -> None:
    assert find_forward(mail(BLOCK, html=HTML, subject="Re: Offer", to=(CARL,))) is None


def test_a_reply_in_html_is_a_reply() -> None:
    assert find_forward(mail(html=HTML, subject="Re: Offer", to=(CARL,))) is None


def test_quote_signs_written_in_html_are_no_text() -> None:
    rows = "<br>".join(f"&gt; {line}".replace("<", "&lt;") for line in BLOCK.splitlines())

    assert found(mail(html=f"FYI<br>{rows}")).originals[0].sender == CARL
    assert found(mail(html=f"FYI<blockquote>{rows}</blockquote>")).originals[0].sender == CARL


def test_an_attached_mail_is_the_original_with_all_its_own() -> None:
    forward = found(mail("See the attached.\n\n-- \nAnn", attached=(INNER, replace(INNER, subject="Two"))))

    assert [original.subject for original in forward.originals] == ["Offer", "Two"]
    assert (forward.note, forward.shape, forward.confidence) == (
        "See the attached.\n\n-- \nAnn",
        "attachment",
        1.0,
    )
    assert forward.originals[0].message_id == "1@client.example"


def test_the_note_and_the_body_of_attached_mails_may_be_html() -> None:
    forward = found(mail(html="<p>See this</p>", attached=(replace(INNER, text=""),)))

    assert (forward.note, forward.originals[0].text) == ("See this", "Hello")


def test_an_attached_mail_of_several_authors_is_unsure() -> None:
    forward = found(mail("", attached=(replace(INNER, from_=(CARL, DORA)),)))

    assert forward.originals[0].sender is None
    assert [candidate.address for candidate in forward.candidates] == [CARL.address, DORA.address]


@pytest.mark.parametrize(
    ("text", "subject", "forwarded"),
    [
        ("", "Fwd: Offer", True),
        ("", "Offer", True),
        ("", "Re: Other", False),
        (BLOCK, "Re: Other", False),
    ],
)
def test_a_reply_may_carry_a_mail(text: str, subject: str, forwarded: bool) -> None:  # noqa: FBT001 -- a table's column
    message = mail(text, subject=subject, to=(CARL,), attached=(INNER,))

    assert (find_forward(message) is not None) is forwarded


def test_a_subject_taken_over_whole_is_a_forwards() -> None:
    assert (
        find_forward(mail("", subject="Re: Offer", attached=(replace(INNER, subject="Re: Offer"),)))
        is not None
    )


def test_a_forward_in_the_body_comes_before_what_is_attached() -> None:
    assert found(mail(BLOCK, attached=(replace(INNER, from_=(DORA,)),))).originals[0].sender == CARL


def test_a_bounce_forwards_nothing() -> None:
    message = replace(mail("", attached=(INNER,)), content_type="multipart/report")

    assert find_forward(message) is None


def test_a_redirected_mail_is_the_original_itself() -> None:
    forward = found(replace(INNER, resent_from=(ANN,)))

    assert (forward.shape, forward.note, forward.originals[0].sender) == ("resent", "", CARL)


def test_nobody_is_named_where_a_redirected_mail_names_nobody() -> None:
    forward = found(replace(INNER, resent_from=(ANN,), from_=()))

    assert (forward.originals[0].sender, forward.candidates) == (None, ())


def test_the_attachments_of_the_mail_are_the_originals() -> None:
    message = replace(mail(BLOCK), attachments=())

    assert found(message).originals[0].attachments is message.attachments


def test_a_name_and_no_address_in_either_view_stays_unsure() -> None:
    nameless = BLOCK.replace(" <carl@client.example>", "")
    html = "<br>".join(nameless.splitlines()).replace("<ann@acme.test>", "")

    assert found(mail(nameless, html=html)).originals[0].sender == Person("Carl Client", "")
