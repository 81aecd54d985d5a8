"""What the pages show: timelines, search, downloads, settings, status, and what other programs ask."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import Kind, Outcome
from crm_logger.store import contacts, lists, log_addresses, search
from crm_logger.store.conversations import bare_subject
from crm_logger.store.standing import DayCount
from crm_logger.web.chart import HEIGHT, columns
from crm_logger.web.keeper import Keeper
from crm_logger.web.mails import safe_name
from crm_logger.web.mends import TO_DO
from crm_logger.web.vcards import csv_line, vcard
from crm_logger.web.words import FATES, FLAGS, marked, opening, size, tidy
from tests.cast import gmail_forward, mail
from tests.web.conftest import open_house

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.conftest import House


def test_a_timeline_tells_direction_forwarder_note_and_attachments(week: House) -> None:
    page = week.browser().text("/contacts/1")
    assert re.search(r'class="mail outgoing".*Sent.*Offer 17', page, re.DOTALL)
    assert "1 earlier mail in this conversation" in page
    folded = re.search(r'data-fill="([^"]+)"', page)
    assert folded
    earlier = week.browser().text(folded[1])
    assert re.search(
        r'class="mail incoming".*Received.*Re: Offer 17.*Forwarded by <strong>Ann Archer', earlier, re.DOTALL
    )
    assert "on <time" in earlier
    assert "He takes both!" in earlier


PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_a_mails_own_picture_is_shown_and_its_attachment_is_kept_under_a_safe_name(house: House) -> None:
    raw = mail(to_log=house.log["acme", Kind.BCC], html='<p>Look: <img src="cid:logo%40acme.test"></p>')
    made = message_from_bytes(raw, EmailMessage, policy=SMTP)
    shown = made.get_body(("html",))
    assert shown
    shown.add_related(PNG, "image", "png", cid="<logo@acme.test>")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="../../offer.pdf")
    house.take(made.as_bytes())
    ann = house.browser()
    assert f'src="data:image/png;base64,{b64encode(PNG).decode()}"' in ann.text("/mails/1/body")
    (address,) = re.findall(r'href="(/mails/1/attachments/\d+)"', ann.text("/mails/1"))
    answer = ann.get(address)
    assert (answer.data, answer.headers["Content-Disposition"]) == (b"%PDF", "attachment; filename=offer.pdf")


def test_who_logged_a_mail_twice_in_the_same_way_is_told_once(week: House) -> None:
    for _ in range(2):
        week.send(subject="Twice", message_id="<twice@x.test>")
    page = week.browser().text("/contacts/1")
    told = page.partition("Twice</a>")[2].partition("</article>")[0]
    assert re.findall(r"Logged by <strong>([^<]+)", told) == ["Ann Archer"]


def test_a_conversation_stands_on_one_page_however_old_its_first_mail_is(week: House) -> None:
    for number in range(130):
        subject = "Re: Long matter" if number % 2 else f"Matter-{number}-"
        date = f"Sun, 3 May 2026 {number // 60:02}:{number % 60:02}:00 +0000"
        week.send(subject=subject, body=f"{number}", date=date)
    ann, seen, address = week.browser(), "", "/contacts/1"
    while address:
        page = ann.text(address)
        seen += page
        older = re.search(r'href="(/contacts/1\?before=\d+)"', page)
        address = older[1] if older else ""
    assert seen.count("Long matter</a>") == 1
    assert sorted(map(int, re.findall(r"Matter-(\d+)-</a>", seen))) == list(range(0, 130, 2))
    long = re.search(r'data-fill="([^"]+)"><summary>64 earlier mails in this conversation', seen)
    assert long
    first = ann.text(long[1])
    rest = re.search(r'href="([^"]+\?before=\d+)"', first)
    assert rest
    told = re.findall(r"mail-(\d+)-subject\"><a", first + ann.text(rest[1]))
    assert len(told) == len(set(told)) == 64
    assert week.browser("gus").get(long[1]).status_code == 404
    assert ann.get("/contacts/1/conversations/99999").status_code == 404


def test_pages_of_a_timeline_are_told_apart_by_key_while_new_mail_comes_in(week: House) -> None:
    for number in range(60):
        week.send(
            subject=f"Matter-{number}-", body=f"{number}", date=f"Sun, 3 May 2026 10:{number:02}:00 +0000"
        )
    ann = week.browser()
    first = ann.text("/contacts/1")
    older = re.search(r'href="(/contacts/1\?before=\d+)"', first)
    assert older
    week.send(subject="Newer", body="newer", date="Mon, 4 May 2026 11:30:00 +0000")
    second = ann.text(older[1])
    seen = re.findall(r"Matter-(\d+)-</a>", first + second)
    assert sorted(map(int, seen)) == list(range(60))


def test_search_finds_words_of_subject_text_people_and_no_other_accounts(week: House) -> None:
    ann = week.browser()
    for words in (
        "offer",
        "OFFER 17",
        "archer",
        "carl@client.example",
        '"the offer"',
        "takes bo",
        "öffer -globex",
    ):
        page = ann.text(f"/contacts?q={words}")
        assert "/mails/1" in page or "/mails/2" in page, words
    assert "/mails/" not in ann.text("/contacts?q=globex")
    for words in ("(", "AND", '"', "*", "subject:", "a" * 500, "%00", "-", "NEAR(a b)", "mail_search:x"):
        assert ann.get(f"/contacts?q={words}").status_code == 200, words


def test_a_hit_is_marked_and_its_text_stays_text(week: House) -> None:
    week.send(subject="<script>zebra</script>", body="zebra & <b>lion</b>")
    page = week.browser().text("/contacts?q=zebra")
    assert "&lt;script&gt;<mark>zebra</mark>&lt;/script&gt;" in page
    assert "<mark>zebra</mark> &amp; &lt;b&gt;lion" in page


def test_the_keeper_fills_the_index_and_a_removed_contacts_mail_leaves_it(week: House) -> None:
    keeper = Keeper(week.app().extensions["crm_logger"])
    acme = week.accounts["acme"]
    with week.store.reading():
        assert not search.is_behind()
        assert len(search.find_mails(acme, "offer", 10)) == 2
    with week.store.writing():
        contacts.remove_contact(1)
    with week.store.reading():
        assert search.MailSearch.select().count() == 1
    offer = mail(to_log=week.log["acme", Kind.BCC], subject="Offer 18", body="another")
    week.take_uncatalogued(offer)
    keeper.complete_catalogue()
    with week.store.reading():
        assert search.is_behind()
    keeper.complete_catalogue()
    with week.store.reading():
        assert [hit.subject for hit in search.find_mails(acme, "off", 10)] == [
            f"{search.MARK}Offer{search.UNMARK} 18"
        ]


def test_settings_show_the_addresses_that_mail_really_goes_to(week: House) -> None:
    page = week.browser("bob").text("/settings").replace("<wbr>", "")
    assert week.log["acme", Kind.BCC] in page
    assert week.log["acme", Kind.FORWARD] in page
    card = week.browser("bob").text("/settings/log-addresses.vcf")
    assert f"EMAIL;TYPE=INTERNET:{week.log['acme', Kind.BCC]}" in card.replace("\r\n ", "")


def test_one_replaces_ones_own_addresses_and_the_old_ones_stay_valid(week: House) -> None:
    cole = week.browser("cole")
    cole.post("/settings/log-addresses/mint")
    cole.post("/settings/log-addresses/mint")
    assert "already" in cole.told()
    cole.post("/settings/log-addresses/rotate", kind="bcc", whose="own")
    with week.store.reading():
        mine = [e for e in log_addresses.log_addresses() if e.user_id == week.users["cole"]]
    assert sorted((e.kind, e.valid_until is None) for e in mine) == [
        (Kind.BCC, False),
        (Kind.BCC, True),
        (Kind.FORWARD, True),
    ]
    assert "Replaced, and valid for a while" in cole.text("/settings")


def test_never_log_lists_are_ones_own_or_by_an_admin_the_accounts(week: House) -> None:
    week.browser("bob").post("/settings/never-log/add", pattern="Rival.example")
    week.browser("ann").post("/settings/never-log/add", pattern="=spam.example", list="account")
    with week.store.reading():
        found = {(entry.pattern, entry.user_id) for entry in lists.never_log(week.accounts["acme"])}
    assert found == {("rival.example", week.users["bob"]), ("=spam.example", None)}
    bob = week.browser("bob")
    bob.post("/settings/never-log/add", pattern="co.uk")
    assert "half the world" in bob.told()


def test_not_logged_is_filtered_by_reason_user_and_day(week: House) -> None:
    ann = week.browser()
    assert "Let me in" in ann.text("/not-logged?reason=unknown-sender")
    assert "Let me in" not in ann.text("/not-logged?reason=no-sales-access")
    assert "Let me in" not in ann.text(f"/not-logged?user={week.users['bob']}")
    assert "Let me in" in ann.text(f"/not-logged?day={week.now.astimezone():%Y-%m-%d}")
    assert "Let me in" not in ann.text("/not-logged?day=2026-01-01")
    for odd in ("reason=x", "user=x", "before=x", "day="):
        assert "Let me in" in ann.text(f"/not-logged?{odd}")
    for beyond in ("0000-99-99", "9999-12-31"):
        assert ann.get(f"/not-logged?day={beyond}").status_code == 404


NO_ROW = 2**63


@pytest.mark.parametrize(
    "address",
    [
        f"/contacts/{NO_ROW}",
        f"/contacts/{NO_ROW}.vcf",
        f"/contacts/1/conversations/{NO_ROW}",
        f"/contacts/1?before={NO_ROW}",
        f"/contacts/1?before=-{NO_ROW}",
        f"/contacts?after={NO_ROW}",
        f"/mails/{NO_ROW}/body",
        f"/not-logged?before={NO_ROW}",
        f"/not-logged?user={NO_ROW}",
    ],
)
def test_a_number_that_no_row_can_have_is_no_page(week: House, address: str) -> None:
    assert week.browser().get(address).status_code == 404
    assert week.browser("").get(address).status_code == 302


def test_every_reason_flag_and_fate_has_its_words() -> None:
    from crm_logger.core.model import Fate, Flag, Reason  # noqa: PLC0415 -- only counted here

    assert set(TO_DO) == {reason for reason in Reason if reason.outcome is not Outcome.LOGGED}
    assert set(FLAGS) == set(Flag)
    assert set(FATES) == set(Fate)


def test_every_answer_has_its_headers(week: House) -> None:
    ann = week.browser()
    for address in ("/contacts", "/contacts/1", "/mails/1/body", "/nothing", "/static/pages.css"):
        answer = ann.get(address)
        answer.close()
        told = answer.headers
        policy = told["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert told["X-Content-Type-Options"] == "nosniff"
        assert told["Referrer-Policy"] == "same-origin"
        assert told["Cache-Control"] == ("no-cache" if "static" in address else "no-store")
    assert "sandbox" in ann.get("/mails/1/body").headers["Content-Security-Policy"]


# ---------------------------------------------------------------- other programs


def test_healthz_tells_a_silent_worker(house: House) -> None:
    nobody = house.browser("")
    assert nobody.get("/healthz").status_code == 503
    house.send()
    assert nobody.get("/healthz").json == {"status": "ok"}
    house.now += timedelta(hours=1)
    assert nobody.get("/healthz").json == {"status": "worker silent"}


def test_metrics_count_without_names_and_only_where_they_are_wanted(week: House) -> None:
    assert week.browser("").get("/metrics").status_code == 404
    week.config = replace(week.config, web_metrics=True)
    told = week.browser("").text("/metrics")
    assert 'crm_logger_decisions{outcome="refused",reason="unknown-sender"} 2.0' in told
    assert "acme" not in told.lower().replace("crm_logger", "")


# ---------------------------------------------------------------- small things


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", '"\'=1+1"'), ("+1", '"\'+1"'), ("-1", '"\'-1"'), ("@x", '"\'@x"'), ('a"b\r\n=c', '"a""b =c"')],
)
def test_a_cell_is_no_formula(cell: str, written: str) -> None:
    assert csv_line([cell]) == f"{written}\r\n"


def test_a_name_adds_no_property_to_a_vcard() -> None:
    card = vcard("Carl\r\nEMAIL:evil@x;y,z\\", ["carl@client.example"], "é" * 100)
    lines = card.split("\r\n")
    assert [line.partition(":")[0] for line in lines if line and line[0] != " "] == [
        "BEGIN",
        "VERSION",
        "FN",
        "N",
        "EMAIL;TYPE=INTERNET",
        "NOTE",
        "END",
    ]
    assert max(len(line.encode()) for line in lines) <= 75
    assert r"EMAIL:evil@x\;y\,z\\" in card


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("offer.pdf", "offer.pdf"),
        ("../../etc/cron.d/x", "x"),
        ("..\\..\\x.exe", "x.exe"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("a\r\nb.txt", "a b.txt"),
        ("...", "attachment"),
        ("", "attachment"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_file_name_is_a_name_and_no_way(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: AW: [list] Fwd: Offer 17", "offer 17"),
        ("RE[2]: Offer", "offer"),
        ("回复：报价", "报价"),
        ("Meeting: noon", "meeting: noon"),
        ("", ""),
    ],
)
def test_a_conversation_is_told_by_its_bare_subject(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


def test_words_are_tidy() -> None:
    assert tidy("a\u202eb\x00\tc\n d") == "ab c d"
    assert opening("Hello\n> quoted\n\n-- \nAnn") == "Hello Ann"
    assert opening("x" * 500, 100) == "x" * 99 + "…"
    assert marked(f"a {search.MARK}<b>{search.UNMARK}") == "a <mark>&lt;b&gt;</mark>"
    assert [size(n) for n in (999, 1200, 48_000, 999_999, 2_500_000)] == [
        "999 B",
        "1.2 KB",
        "48 KB",
        "1000 KB",
        "2.5 MB",
    ]


def test_a_column_is_as_high_as_its_day_was_busy() -> None:
    first = date(2026, 5, 1)
    counts = [DayCount(first, Outcome.LOGGED, 10), DayCount(first, Outcome.REFUSED, 5)]
    chart = columns(counts, first, 3)
    assert (chart.top, len(chart.columns), chart.sums[Outcome.LOGGED]) == (20, 3, 10)
    assert sum(piece.height for piece in chart.columns[0].pieces) == HEIGHT * 15 / 20
    assert chart.columns[1].pieces == ()


def test_the_status_of_an_empty_house_is_shown(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    assert "No mail was taken in" in house.browser().text("/status")
    house.forward(body=gmail_forward())
    assert "1 logged" in house.browser().text("/status")
    house.store.close()
