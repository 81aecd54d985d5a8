"""Settings of several mailboxes: what holds for all, and what each has for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_logger.config import Config, ConfigProblems, load_config, load_mailboxes

if TYPE_CHECKING:
    from pathlib import Path

BOTH = {
    "MAILBOXES": "Sales, support",
    "LOG_DOMAIN": "log.example",
    "IMAP_USER": "catchall",
    "SALES_IMAP_HOST": "imap.sales.example",
    "SALES_IMAP_PASSWORD": "one",
    "SUPPORT_IMAP_HOST": "imap.support.example",
    "SUPPORT_IMAP_PASSWORD": "two",
    "SUPPORT_IMAP_SECURITY": "starttls",
    "SUPPORT_FILING": "move",
    "BORDER_HOST": "mx.log.example",
    "SUPPORT_BORDER_HOST": "mx.support.example",
}
OAUTH = {"IMAP_AUTH": "xoauth2", "OAUTH_PROVIDER": "gmail", "OAUTH_CLIENT_ID": "crm"}


def mailboxes(**changes: str) -> tuple[Config, ...]:
    return load_mailboxes(BOTH | changes, {}, None, need=("imap", "log"))


def problems(**changes: str) -> list[str]:
    with pytest.raises(ConfigProblems) as found:
        mailboxes(**changes)
    return found.value.problems


def test_each_mailbox_has_its_own_settings_and_shares_the_others() -> None:
    sales, support = mailboxes()
    assert (sales.label, sales.mailbox_name) == ("sales", "catchall@imap.sales.example")
    assert (support.label, support.mailbox_name) == ("support", "catchall@imap.support.example")
    assert (sales.imap_port, support.imap_port) == (993, 143)
    assert (sales.filing, support.filing) == ("leave", "move")
    assert (sales.border_host, support.border_host) == ("mx.log.example", "mx.support.example")
    assert [each.imap_password.reveal() for each in (sales, support)] == ["one", "two"]
    assert sales.log_domain == support.log_domain == ("log.example",)


def test_without_names_there_is_one_mailbox_without_a_label() -> None:
    told = {"IMAP_HOST": "imap.log.example", "IMAP_USER": "catchall"}
    (only,) = load_mailboxes(told, {}, None)
    assert (only.label, repr(only)) == ("", repr(load_config(told, {}, None)))


def test_what_holds_for_all_is_read_without_any_mailbox() -> None:
    config = load_config(BOTH, {}, None, need=("imap", "log"))
    assert (config.mailboxes, config.label, config.imap_host) == (("sales", "support"), "", "")


FILED = {
    "SUPPORT_IMAP_HOST": "imap.sales.example",
    "SUPPORT_IMAP_FOLDER": "Logged",
    "SUPPORT_FILING": "leave",
}
"""Support reads in Sales' mailbox."""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SALES_IMAP_HOST": ""}, "SALES_IMAP_HOST is missing"),
        ({"SALES_IMAP_PASSWORD": ""}, "SALES_IMAP_PASSWORD_FILE to a file"),
        ({"HELP_IMAP_HOST": "x.example"}, "unknown setting HELP_IMAP_HOST"),
        ({"SALES_LOG_DOMAIN": "x.example"}, "unknown setting SALES_LOG_DOMAIN"),
        ({"SALES_IMAP_PORT": "many"}, "SALES_IMAP_PORT='many'"),
        ({"SALES_IMAP_SECURITY": "plain"}, "mailbox sales: IMAP_SECURITY=plain would send"),
        ({"SUPPORT_IMAP_HOST": "imap.sales.EXAMPLE"}, "same folder of the same mailbox as sales"),
        (
            FILED | {"SALES_FILING": "move"},
            "mailbox support: reads Logged, the folder that sales files mail in",
        ),
        ({"MAILBOXES": "sales,bad_name"}, "no name"),
        (OAUTH, "SUPPORT_OAUTH_TOKEN_FILE"),
    ],
)
def test_what_is_wrong_with_one_mailbox_is_said_of_it(changes: dict[str, str], said: str) -> None:
    assert any(said in problem for problem in problems(**changes)), problems(**changes)


def test_the_same_server_may_be_read_in_two_folders() -> None:
    sales, support = mailboxes(SUPPORT_IMAP_HOST="imap.sales.example", SUPPORT_IMAP_FOLDER="Support")
    assert (sales.imap_folder, support.imap_folder) == ("INBOX", "Support")
    assert mailboxes(**FILED)[1].imap_folder == "Logged", "where Sales files nothing"
    elsewhere = FILED | {"SALES_FILING": "move", "SUPPORT_IMAP_HOST": "imap.support.example"}
    assert mailboxes(**elsewhere)[1].imap_folder == "Logged"


def test_each_mailbox_keeps_its_token_in_a_file_of_its_own() -> None:
    sales, support = mailboxes(**OAUTH, SUPPORT_OAUTH_TOKEN_FILE="support.json")
    assert (sales.oauth_token_file, support.oauth_token_file) == ("oauth-token.json", "support.json")


def test_a_mailboxs_secret_may_lie_in_a_file_that_nobody_else_reads(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("three\n")
    secret.chmod(0o600)
    told = {"SALES_IMAP_PASSWORD": "", "SALES_IMAP_PASSWORD_FILE": str(secret)}
    assert mailboxes(**told)[0].imap_password.reveal() == "three"
    secret.chmod(0o604)
    assert any("everybody on this machine" in problem for problem in problems(**told))
