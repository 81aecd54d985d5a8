"""Header rows, wrapped, spaced and run together, and what each of them tells."""

from __future__ import annotations

import time

import pytest

from crm_logger.core.forward import find_forward
from crm_logger.core.forward.lines import lines_of_text
from crm_logger.core.forward.rows import Collector, read_row
from crm_logger.core.forward.vocabulary import WORDS, Engines, Vocabulary
from crm_logger.core.locales import Locale
from crm_logger.core.model import Person
from tests.core.forward.mails import BLOCK, CARL, FOREIGN, found, mail, original, sender


def rows(text: str, words: Vocabulary = WORDS) -> list[tuple[str, str]]:
    """Label and value of the rows that begin at the first line."""
    run = Collector(lines_of_text(text), 0, words).collect()
    return [(row.label, row.value) for row in run.rows] if run else []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Hello", []),
        ("https://client.example", []),
        ("one two three four five six: x", []),
        ("From: a\nTo: b", ["a", "b"]),
        ("From: a\nFrom: b", ["a"]),
        ("From: a\n\n\n\nTo: b", ["a"]),
        ("From: a\n\n> To: b", ["a"]),
        ("From: a\n> To: b", ["a"]),
        ("From: a\n\nTo: b\n\nSubject: c\n\nDate: d", ["a", "b", "c", "d"]),
        ("From: a\nDate: d\nTo: b\nSubject: c\n\nCc: e", ["a", "d", "b", "c"]),
        ("From: a\n\nDate: d\nTo: b\n\nCc: e", ["a", "d", "b", "e"]),
        ("From:\n\na\n\nTo: b", ["a", "b"]),
        ("From:\n\na\n\nb", [""]),
        ("Xq:\n\na\n\nTo: b", [""]),
        ("From:\na\nTo: b", ["a", "b"]),
        ("From:\na\nb", ["a"]),
        ("To:\na\nb", [""]),
        ("Xq:\na\nXr:\nb\nXs:\nRE: c", ["a", "b", "RE: c"]),
        ("To: a,\nb\nSubject: c", ["a, b", "c"]),
        ("To: a <a@b\n.example>\nSubject: c", ["a <a@b .example>", "c"]),
        ("To: Carl\n<carl@client.example>", ["Carl <carl@client.example>"]),
        ("To: Carl\n  Client\n  and more", ["Carl Client and more"]),
        ("To: Carl\nClient\nDate: d", ["Carl Client", "d"]),
        ("Xq: Carl\nClient <carl@client.example>\nXr: d", ["Carl Client <carl@client.example>", "d"]),
        ("Xq: Carl\nClient\nXr: d", ["Carl"]),
        ("To: Carl\n-----\nDate: d", ["Carl"]),
        (f"Subject: {'x' * 60}\n{'y' * 20} z\n\nbody", [f"{'x' * 60} {'y' * 20} z"]),
        (f"Subject: {'x' * 60}\nand so on: y\nTo: b", [f"{'x' * 60} and so on: y", "b"]),
        ("Subject: x\nand so on: y\nTo: b", ["x", "y", "b"]),
        ("Tel: 1\nMail: 2\n\nFrom: a\nTo: b\nDate: d", ["1", "2"]),
        ("To: " + ",\n".join(["x" * 300] * 100), [", ".join(["x" * 300] * 67)]),
    ],
)
def test_rows_are_collected_as_clients_write_them(text: str, values: list[str]) -> None:
    assert [value.rstrip(",") for _, value in rows(text)] == values


def test_no_block_has_more_rows_than_headers_have() -> None:
    assert len(rows("\n".join(f"L{chr(97 + number)}: x" for number in range(26)))) == 15


def test_a_label_is_compared_without_its_decoration() -> None:
    row = read_row("**  Reply-To :** x", 0, WORDS)

    assert row is not None
    assert (row.label, row.value) == ("reply-to", "x")


def test_a_wrapped_list_of_recipients_stays_whole() -> None:
    people = ", ".join(f"Person Number{chr(97 + n)} <p{n}@client.example>" for n in range(5))
    wrapped = f"To: {people}".replace("Numberc ", "Numberc\n    ").replace(
        ", Person Numbere", ",\n    Person Numbere"
    )
    block = BLOCK.replace("To: Ann Seller <ann@acme.test>", wrapped)

    assert len(original(block).to) == 5


def test_text_right_below_the_rows_is_body() -> None:
    block = BLOCK.replace("\n\n", "\n").replace("Hello Ann,", "Note: hello")

    assert original(block).text == "Note: hello\nyes, please."


def test_an_empty_row_ends_a_block_only_where_no_subject_is_known() -> None:
    empty = FOREIGN.replace("Qrs: Offer", "Qrs:")

    assert original(empty, "Fwd:").text == "Hello Ann,\nyes, please."
    assert original(FOREIGN.replace("\n\n", "\n\nDear Ann:\n\n"), "Fwd: Offer").text.startswith("Dear Ann:")


def test_rows_run_together_in_one_line_are_cut_at_their_labels() -> None:
    line = "From: Carl Client <carl@client.example> To: Ann <ann@acme.test> Sent: 3 Nov 2025 10:00 Subject: Offer Hello Ann"
    mail_found = original(line)

    assert (mail_found.sender, mail_found.subject, mail_found.text) == (CARL, "Offer", "Hello Ann")


def test_a_letter_that_folds_into_two_hides_no_label() -> None:
    line = "From: Carl Client <carl@client.example> To: İnci <ann@acme.test> Sent: 3 Nov 2025 10:00 Subject: Offer"

    assert original(line).to == (Person("İnci", "ann@acme.test"),)


def test_labels_that_no_language_has_are_told_by_their_values() -> None:
    block = (
        "From: Carl Client <carl@client.example>\nTo: Ann <ann@acme.test>\nCc:\n"
        "Zyt: 3.11.2025 10:00\nQrs: Offer\nImportance: high\n\nYes\n"
    )
    mail_found = original(block)

    assert (mail_found.sender, mail_found.subject, mail_found.date.text) == (CARL, "Offer", "3.11.2025 10:00")


def test_a_subject_with_a_colon_is_not_cut() -> None:
    line = "Vhu: Carl Client <carl@client.example> Nn: <ann@acme.test> Zyt: 3 Nov 2025 10:00 Qrs: Re: Offer"

    assert original(line, "Fwd: Re: Offer").subject == "Re: Offer"


@pytest.mark.parametrize(
    "line",
    [
        "----- Forwarded Message ----- carl@client.example: x",
        "----- Forwarded Message ----- see carl@client.example",
        "----- Wqxz ----- see 12:30 carl@client.example",
        "----- Wqxz ----- see: carl@client.example",
    ],
)
def test_a_line_that_only_looks_run_together_has_no_sender(line: str) -> None:
    forward = find_forward(mail(line))

    assert forward is None or forward.originals[0].sender is None


def test_a_cut_line_without_rows_stays_a_row() -> None:
    assert find_forward(mail("From: a: b: carl@client.example")) is None
    assert find_forward(mail("&q: 1 Xr: 2 Xs: 3 carl@client.example")) is None


def test_a_word_that_means_two_things_is_read_by_the_block() -> None:
    breton = "Vhu: Carl Client <carl@client.example>\nZyt: 3.11.2025 10:00\nDa: Ann <ann@acme.test>\nQrs: Offer\n\nYa\n"

    assert sender(breton) == CARL


WORLD = Vocabulary(
    (
        Locale("aa", sender=("Xa",), to=("Xb",), subject=("Xs",)),
        Locale("bb", sender=("Xb",), to=("Xa",), subject=("Xs",)),
        Locale("cc", sender=("Xc",), date=("Xd",)),
    )
)
TWO = "{}: Carl Client <carl@client.example>\n{}: Ann <ann@acme.test>\nXs: Offer\n\nYes\n"


def test_languages_that_disagree_leave_the_sender_unsure() -> None:
    forward = found(mail(TWO.format("Xa", "Xb")), Engines(WORLD))

    assert (forward.originals[0].sender, forward.confidence) == (None, 0.3)
    assert [candidate.address for candidate in forward.candidates] == ["carl@client.example", "ann@acme.test"]


def test_words_and_order_that_disagree_leave_the_sender_unsure() -> None:
    block = "______\nXq: Eve <eve@other.example>\nXc: Carl Client <carl@client.example>\nXd: 3 Nov 2025 10:00\nXr: Offer\n\nYes\n"
    forward = found(mail(block), Engines(WORLD))

    assert forward.originals[0].sender is None
    assert [candidate.address for candidate in forward.candidates] == [
        "carl@client.example",
        "eve@other.example",
    ]


def test_a_word_that_names_the_user_gives_way_to_the_order() -> None:
    block = "______\nXq: Carl Client <carl@client.example>\nXc: Ann <ann@acme.test>\nXd: 3 Nov 2025 10:00\nXr: Offer\n\nYes\n"

    assert found(mail(block), Engines(WORLD)).originals[0].sender == CARL


def test_the_language_of_the_sender_may_write_the_recipient_first() -> None:
    block = "To: Ann <ann@acme.test>\nFrom: Carl Client <carl@client.example>\nSent: 3 Nov 2025 10:00\nQq: x\nSubject: Offer\n\nYes\n"

    assert sender(block) == CARL


def test_gmail_writes_the_senders_label_alone_in_the_users_language() -> None:
    block = "Da: Carl Client <carl@client.example>\nDate: 3 Nov 2025 10:00\nSubject: Other\nTo: Ann <ann@acme.test>\n\nYes\n"

    mail_found = original(f"---------- Forwarded message ---------\n{block}")
    assert (mail_found.sender, mail_found.subject) == (CARL, "Other")


@pytest.mark.parametrize(
    "block",
    [
        "Vhu: Carl <carl@client.example>\nZyt: 3.11.2025 10:00\nNn: Ann\nOo: Dora\nQrs: Offer\n\nYes\n",
        "Qrs: Offer\nZyt: 3.11.2025 10:00\nVhu: Carl <carl@client.example>\nNn: Ann <ann@acme.test>\n\nYes\n",
        "Vhu: Carl <carl@client.example>\nZyt: 3.11.2025 10:00\nQrs: Other\nNn: Ann <ann@acme.test>\n\nYes\n",
        "Vhu: Carl <carl@client.example>\nNn: Ann <ann@acme.test>\nCc: Dora <dora@client.example>\nZyt: 3.11.2025 10:00\n\nYes\n",
        "Vhu: Carl <carl@client.example>\nNn: Ann <ann@acme.test>\nQrs: Offer\n\nYes\n",
        "Vhu: Carl <carl@client.example>\nN: a@b.example\nO: a@c.example\nP: a@d.example\nR: a@e.example\nQrs: Offer\n\nYes\n",
    ],
)
def test_structure_alone_finds_the_sender_in_every_order(block: str) -> None:
    assert sender(block) == Person("Carl", CARL.address)


@pytest.mark.parametrize(
    "block",
    [
        "Vhu: Carl <carl@client.example>\nZyt: 3.11.2025 10:00\n\nYes\n",
        "Vhu: Carl\nZyt: 3.11.2025 10:00\nQrs: Other\n\nYes\n",
        "Vhu: Carl <carl@client.example>\nQrs: Other\nRst: more\n\nYes\n",
        "Vhu: Carl <carl@client.example>\nCc: 3.11.2025 10:00\nZyt: 3.11.2025 10:00\n\nYes\n",
        "Wqxz: write to a person of our own who knows (carl@client.example)\n\nYes\n",
    ],
)
def test_too_little_structure_is_no_block(block: str) -> None:
    assert find_forward(mail(block)) is None


def test_a_row_of_dates_in_a_language_of_several_is_read_by_all_of_them() -> None:
    assert original(BLOCK.replace("Monday, November 3, 2025 10:00 AM", "soon")).date.wall is None


def test_a_torn_block_is_unsure() -> None:
    assert sender(f"carl@client.example wrote\n{FOREIGN.split(chr(10), 1)[1]}") is None


@pytest.mark.parametrize(
    "text",
    [
        "From: a,\n" * 20_000,
        "Ab: x\n" * 30_000,
        ("Ab: x,\n" + "y,\n" * 50) * 2_000,
        "-----\n" * 100_000,
        "----- Forwarded message -----\n" * 20_000,
        "On Mon, Nov 3, 2025 at 10:00 AM Carl <carl@client.example> wrote:\n" * 10_000,
        f"{BLOCK}\n" * 5_000,
        f"---- Wqxz ----\n{BLOCK}" + "-----\nx\n" * 50_000,
        "a" * 1_000_000,
        "From: " + "a@" * 300_000,
        "To: x " * 100_000,
        ">" * 500_000,
        "> " * 300_000,
        "\n" * 1_000_000,
        ("X:" + "\n" * 300) * 3_000,
    ],
    ids=lambda text: text[:14].strip(),
)
def test_hostile_text_takes_no_longer_than_its_size(text: str) -> None:
    before = time.process_time()

    find_forward(mail(text))

    assert time.process_time() - before < 3


def test_names_alone_in_unknown_words_are_unsure() -> None:
    mail_found = original("Vhu: Carl\nZyt: 3.11.2025 10:00\nNn: Ann\nQrs: Offer\n\nYes\n")

    assert (mail_found.sender, mail_found.to) == (Person("Carl", ""), (Person("Ann", ""),))


def test_a_recipient_is_no_sender() -> None:
    assert sender("To: Ann <ann@acme.test>\nSubject: Offer\nDate: 3 Nov 2025 10:00\n\nYes\n") is None


def test_a_day_without_a_time_is_a_date() -> None:
    assert (
        original(FOREIGN.replace("Monday, November 3, 2025 10:00 AM", "2025-11-03")).date.text == "2025-11-03"
    )


@pytest.mark.parametrize(
    ("date", "clock"),
    [
        ("Kibxata, Bitootessa 7, 2023, 10:42 WBDhimma: Offer", "22:42"),
        ("Tue, March 7, 2023, 10:42 PMDhimma: Offer", "22:42"),
        ("7 मार्च 2023, 10:42 pmविषय: Offer", "22:42"),
    ],
)
def test_a_half_of_the_day_is_no_beginning_of_a_label(date: str, clock: str) -> None:
    line = f'----- Wqxz ----- Vhu: "Carl Client" <carl@client.example>Nn: "Ann" <ann@acme.test>Zyt: {date}'
    wall = original(f"{line}\n\nYes\n").date.wall

    assert wall is not None
    assert f"{wall:%H:%M}" == clock
