"""A forward is told from a reply, which quotes just the same."""

from __future__ import annotations

import pytest

from crm_logger.core.forward import find_forward
from crm_logger.core.model import Person
from tests.core.forward.mails import ANN, BLOCK, CARL, DORA, FOREIGN, LOG, found, mail

MARKED = f"---------- Forwarded message ---------\n{BLOCK}"
QUOTE = "On Mon, Nov 3, 2025 at 10:00 AM Carl Client <carl@client.example> wrote:\n\n> Hello\n"
TO_CARL = (CARL,)
SENT = "\nIt is on its way.\n"


@pytest.mark.parametrize(
    ("text", "subject", "to", "forwarded"),
    [
        (BLOCK, "Fwd: Offer", (LOG,), True),
        (BLOCK, "Fwd: Offer", TO_CARL, True),
        (BLOCK, "Re: Offer", TO_CARL, False),
        (BLOCK, "RE: Offer", (LOG,), False),
        (BLOCK, "Offer", (LOG,), True),
        (BLOCK, "Offer", TO_CARL, False),
        (BLOCK, "Xyz: Offer", TO_CARL, False),
        (BLOCK, "Xyz: Offer", (LOG,), True),
        (BLOCK, "Xyz: Other", (LOG,), True),
        (BLOCK, "Offer", (), True),
        (BLOCK, "Offer", (ANN,), False),
        (MARKED, "Re: Offer", (LOG,), True),
        (MARKED, "Re: Offer", TO_CARL, False),
        (MARKED, "Re: Fwd: Offer", (LOG,), False),
        (QUOTE, "Fwd: Offer", (LOG,), True),
        (QUOTE, "[Fwd: Offer]", (LOG,), True),
        (QUOTE, "Offer (fwd)", (LOG,), True),
        (QUOTE, "[EXT] Fwd: Offer", (LOG,), True),
        (QUOTE, "Re: Offer", TO_CARL, False),
        (QUOTE, "Offer", (LOG,), False),
        (QUOTE, "Xyz: Offer", (LOG,), True),
        (QUOTE, "Xyz: Offer", TO_CARL, False),
        (FOREIGN, "Xyz: Offer", TO_CARL, False),
        (FOREIGN, "Xyz: Offer", (LOG,), True),
        ("Hello, thank you.", "Fwd: Offer", (LOG,), False),
        ("", "Fwd: Offer", (LOG,), False),
        ("From: Berlin\nTo: Paris\nDate: 3 Nov 2025 10:00\nSubject: 4711\n", "Trip", (LOG,), False),
        ("From: here\nTo: there\n", "Fwd: Trip", (LOG,), False),
        (
            f"From: Shop <shop@a.example>\nTo: Ann <ann@acme.test>\nSent: 3 Nov 2025 10:00\n{SENT}",
            "Parcel",
            (LOG,),
            False,
        ),
        (f"from: a@a.example\nto: ann@acme.test\nsubject: Alert\n{SENT}", "Settings", (LOG,), False),
        (
            f"Requester: Carl <c@a.example>\nCreated: 3 Nov 2025 10:00\nStatus: open\nSubject: Offer\n{SENT}",
            "Offer",
            (LOG,),
            False,
        ),
        ("Say\n\n---------- Forwarded message ----------\n\nthen.", "How to forward", (LOG,), False),
        ("---------- Forwarded message ----------\n\nHello", "Fwd: Offer", (LOG,), True),
        ("Carl wrote to carl@client.example about this: nothing.", "Fwd: Offer", (LOG,), False),
    ],
)
def test_a_reply_is_never_a_forward(
    text: str,
    subject: str,
    to: tuple[Person, ...],
    forwarded: bool,  # noqa: FBT001 -- a table's column
) -> None:
    assert (find_forward(mail(text, subject=subject, to=to)) is not None) is forwarded


def test_a_prefix_that_two_languages_use_is_read_in_the_language_of_the_block() -> None:
    finnish = "Lähettäjä: Carl <carl@client.example>\nLähetetty: 3.11.2025 10:00\nVastaanottaja: Ann\nAihe: Offer\n\nHei\n"
    danish = "Fra: Carl <carl@client.example>\nSendt: 3.11.2025 10:00\nTil: Ann\nEmne: Offer\n\nHej\n"

    assert find_forward(mail(finnish, subject="VS: Offer")) is None
    assert find_forward(mail(danish, subject="VS: Offer")) is not None
    assert (
        find_forward(mail(QUOTE.replace("On", "Qx").replace("wrote", "zrfq"), subject="VS: Offer"))
        is not None
    )


def test_an_answer_tells_what_it_answers() -> None:
    text = QUOTE.replace("On", "Qx").replace("wrote", "zrfq")

    assert find_forward(mail(text, subject="Xyz: Offer", in_reply_to="1@client.example")) is None


def test_the_forwarded_mails_id_in_the_header_says_it_is_one() -> None:
    told = (("X-Forwarded-Message-Id", "<1@client.example>"),)

    assert find_forward(mail(QUOTE, subject="Offer", headers=told)) is not None


def test_a_marker_inside_the_quote_of_a_reply_is_history() -> None:
    quoted = "\n".join(f"> {line}" for line in MARKED.splitlines())

    assert find_forward(mail(f"Thanks!\n\n{QUOTE}{quoted}", subject="Re: Offer", to=TO_CARL)) is None
    assert find_forward(mail(f"Thanks!\n\nQx zrfq:\n{quoted}", subject="Re: Offer", to=TO_CARL)) is None


def test_a_mail_quoted_in_the_note_is_not_the_forwarded_one() -> None:
    note = "Dora asked:\n\nOn Sun, Nov 2, 2025 at 9:00 AM Dora <dora@client.example> wrote:\n> when?\n\nHere it is.\n"
    pasted = BLOCK.replace("Carl", "Eve").replace("carl", "eve").replace("Offer", "Another")

    assert found(mail(f"{note}\n{MARKED}")).originals[0].sender == CARL
    assert found(mail(f"{note}\n{BLOCK}")).originals[0].sender == CARL
    assert found(mail(f"{pasted}\n{MARKED}")).originals[0].sender == CARL
    assert found(mail(f"{note}\n{pasted}")).originals[0].sender == Person("Dora", DORA.address)


def test_the_users_own_mail_on_top_is_told_as_it_is() -> None:
    reply = f"From: Ann Seller <ann@acme.test>\nSent: 4 Nov 2025 9:00\nTo: Carl\nSubject: RE: Offer\n\nThanks\n\n{BLOCK}"

    assert found(mail(reply)).originals[0].sender == ANN


def test_a_reply_that_only_adds_its_prefix_is_one_whatever_marker_stands_above_the_quote() -> None:
    answered = mail(MARKED, subject="Re: Offer", to=(LOG,), in_reply_to="1@client.example")
    assert find_forward(answered) is None
    named_so = mail(MARKED, subject="Re: Other", to=(LOG,), in_reply_to="1@client.example")
    assert find_forward(named_so) is not None


@pytest.mark.parametrize(
    "line",
    [
        "Original Message",
        "Oorspronkelijk bericht",
        "Oorspronklike boodskap",
        "Mesazhi origjinal",
        "Mensaxe orixinal",
        "Арыгінальнае паведамленне",
        "মূল বার্তা",
        "Urspréngleche Message",
    ],
)
def test_an_original_message_stands_above_replies_as_well_in_whatever_language(line: str) -> None:
    text = f"-----{line}-----\n{BLOCK}"

    assert find_forward(mail(text, subject="Re: Offer", to=(DORA,))) is None
    assert find_forward(mail(text, subject="FW: Offer", to=(DORA,))) is not None


def test_a_reply_to_what_pine_forwarded_is_told_from_pine_s_forward_of_a_reply() -> None:
    head, _, body = BLOCK.partition("\n\n")
    marked = f"---------- Forwarded message ----------\n{head.replace('Offer', 'Re: Offer')}\n\n{body}"
    quoted = "On Mon, 3 Nov 2025, Carl Client wrote:\n\n" + "".join(
        f"> {line}\n" for line in marked.split("\n")
    )

    assert found(mail(marked, subject="Re: Offer (fwd)", to=(DORA,))).originals[0].sender == CARL
    assert find_forward(mail(quoted, subject="Re: Offer (fwd)", to=(DORA,))) is None
    assert find_forward(mail(marked, subject="Re: Offer (fwd)", to=TO_CARL)) is None
