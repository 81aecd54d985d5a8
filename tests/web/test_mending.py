"""One click mends what kept a mail off the timeline, and takes it in again from the mailbox."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crm_logger.core.model import Kind, Reason
from crm_logger.store import lists, people, receipts, wishes
from crm_logger.web.keeper import Keeper
from tests.cast import CARL, gmail_forward, mail
from tests.web.conftest import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.conftest import House

pytestmark = pytest.mark.embedded


def mend(house: House, what: str, *numbers: int, name: str = "ann", **values: str) -> str:
    browser = house.browser(name)
    chosen = [str(number) for number in numbers]
    answer = browser.post("/not-logged/mend", mend=what, receipt=chosen, back="/not-logged", **values)
    assert (answer.status_code, answer.location) == (303, "/not-logged")
    return browser.told("/not-logged")


def test_this_is_an_alias(house: House, served: Callable[..., int]) -> None:
    receipt = served(author="Cole <cole@home.example>")
    assert "1 mail is on the timeline" in mend(house, "alias", receipt, user=str(house.users["cole"]))
    assert reason_of(house, receipt) is Reason.LOGGED
    with house.store.reading():
        assert people.find_user("cole@home.example").id == house.users["cole"]


def test_a_clients_address_is_nobodys_alias(house: House, served: Callable[..., int]) -> None:
    served()
    receipt = served(author=CARL)
    assert "is the address of the contact Carl Client" in mend(house, "alias", receipt, user="1")
    assert reason_of(house, receipt) is Reason.UNKNOWN_SENDER


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (("Auto-Submitted", "auto-replied"), Reason.AUTO_REPLY),
        (("List-Id", "<news.acme.test>"), Reason.MAILING_LIST),
    ],
)
def test_log_it_anyway(
    house: House, served: Callable[..., int], header: tuple[str, str], reason: Reason
) -> None:
    receipt = served(headers=(header,))
    assert reason_of(house, receipt) is reason
    assert "on the timeline" in mend(house, "anyway", receipt)
    assert reason_of(house, receipt) is Reason.LOGGED


def test_this_is_the_sender(house: House, served: Callable[..., int]) -> None:
    receipt = served(forwarded=True, body=gmail_forward(author="Carl Client"))
    assert reason_of(house, receipt) is Reason.UNCERTAIN
    assert "no mail address" in mend(house, "author", receipt, author="Carl")
    assert "on the timeline" in mend(house, "author", receipt, author="carl@client.example")
    assert "carl@client.example" in house.browser().text("/contacts")


def test_never_log_this_domain(house: House, served: Callable[..., int]) -> None:
    receipt = served(author="Eve <eve@nobody.example>", subject="Let me in")
    told = mend(house, "never-log", receipt, target="nobody.example")
    assert "still not logged" in told
    with house.store.reading():
        assert [entry.pattern for entry in lists.never_log()] == ["nobody.example"]
        assert receipts.receipt(receipt).decisions[0].subject == ""


@pytest.mark.parametrize(("owner", "offered"), [("", True), ("ann", True), ("cole", False)])
def test_an_entry_is_taken_off_the_accounts_list_or_ones_own_and_off_nobody_elses(
    house: House, served: Callable[..., int], owner: str, *, offered: bool
) -> None:
    with house.store.writing():
        lists.add_never_log(house.accounts["acme"], "client.example", house.users.get(owner))
    receipt = served(author=f"{owner or 'ann'}@acme.test")
    assert reason_of(house, receipt) is Reason.NEVER_LOG
    assert ("Take client.example off the list" in house.browser().text("/not-logged")) is offered
    told = mend(house, "never-log-remove", receipt, target="client.example")
    assert ("on the timeline" if offered else "nothing was changed") in told
    with house.store.reading():
        assert bool(lists.never_log()) is not offered


def test_mails_that_one_entry_kept_off_are_taken_in_together(
    house: House, served: Callable[..., int]
) -> None:
    with house.store.writing():
        lists.add_never_log(house.accounts["acme"], "client.example")
    assert "2 mails are on the timeline" in mend(house, "never-log-remove", served(), served())


def test_what_came_of_a_mail_is_told_of_ones_own_account_alone(
    house: House, served: Callable[..., int]
) -> None:
    with house.store.writing():
        policy, globex = house.config.policy, house.accounts["globex"]
        people.add_user(policy, globex, "ann@acme.test", "Ann", sales_access=False)
    both = tuple(house.log[account, Kind.BCC] for account in ("acme", "globex"))
    told = mend(house, "again", served(to_log=both), name="gus")
    assert told == "The mail is still not logged: no-sales-access."


def test_no_colleagues_domain_is_offered_to_be_never_logged(house: House, served: Callable[..., int]) -> None:
    with house.store.writing():
        lists.add_internal_domain(house.accounts["acme"], "acme.test")
    for author in ("MAILER-DAEMON@mail.acme.test", "Ann <ann@acme.test>"):
        receipt = served(author=author, headers=(("Auto-Submitted", "auto-replied"),))
        assert "nothing was changed" in mend(house, "never-log", receipt)
    assert "Never log mail.acme.test" not in house.browser().text("/not-logged")


def test_sales_access_by_one_click_logs_the_mail(house: House, served: Callable[..., int]) -> None:
    receipt = served(author="Bob <bob@acme.test>")
    assert "on the timeline" in mend(house, "sales-access", receipt)


def test_many_at_once_and_those_that_it_does_not_fit_stay(house: House, served: Callable[..., int]) -> None:
    automatic = [served(headers=(("Auto-Submitted", "auto-replied"),), subject=f"{n}") for n in range(3)]
    stranger = served(author="Eve <eve@nobody.example>")
    told = mend(house, "anyway", *automatic, stranger)
    assert "3 mails are on the timeline" in told
    assert "1 mail was left as they are" in told
    assert reason_of(house, stranger) is Reason.UNKNOWN_SENDER


def test_a_plain_user_may_take_own_mail_in_again(house: House, served: Callable[..., int]) -> None:
    receipt = served(
        forwarded=True,
        author="Cole <cole@acme.test>",
        body=gmail_forward(author="Carl Client", note="carl@client.example"),
    )
    assert "still not logged" in mend(house, "again", receipt, name="cole")


def test_a_mail_that_is_gone_says_so(house: House, served: Callable[..., int]) -> None:
    served()
    receipt = house.take(mail(to_log=house.log["acme", Kind.BCC], author="Bob <bob@acme.test>"))
    assert "no longer in the mailbox" in mend(house, "again", receipt)


def test_while_the_mailbox_is_away_the_wish_is_kept_and_fulfilled_later(
    house: House, served: Callable[..., int]
) -> None:
    receipt = served(headers=(("Auto-Submitted", "auto-replied"),))
    there = house.config
    house.config = replace(there, imap_port=1)
    assert "It is noted" in mend(house, "anyway", receipt)
    assert reason_of(house, receipt) is Reason.AUTO_REPLY
    house.config = there
    Keeper(house.app().extensions["crm_logger"]).take_in()
    assert reason_of(house, receipt) is Reason.LOGGED
    with house.store.reading():
        assert wishes.wanted() == []


def test_what_does_not_fit_a_mail_is_not_done(house: House, served: Callable[..., int]) -> None:
    receipt = served(author="Eve <eve@nobody.example>")
    assert "nothing was changed" in mend(house, "anyway", receipt)
    assert "nothing was changed" in mend(house, "sales-access", receipt)
