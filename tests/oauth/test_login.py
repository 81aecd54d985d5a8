"""Logging in with a token: Dovecot, which asks the provider whether a token is good, and scripted servers for their faults."""

from __future__ import annotations

import signal
import subprocess
import sys
import traceback
from typing import TYPE_CHECKING

import pytest

from crm_logger.config import load_config
from crm_logger.mailbox import (
    MailboxAway,
    MailboxMisconfigured,
    MailboxRefused,
    Memory,
    ReauthRequired,
    Why,
    connect,
)
from crm_logger.store import Store
from crm_logger.store.tables import Receipt
from tests.cast import mail
from tests.conftest import NO_DOVECOT, missing
from tests.office import NOW, open_office
from tests.servers.dovecot import Dovecot, find_dovecot
from tests.servers.scripted import ScriptedPeer
from tests.servers.tokens import REFRESH, Provider, Reply
from tests.test_schedule import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm_logger.config import Config
    from tests.servers.scripted import Conversation
    from tests.servers.served import ServedMailbox

MECHANISMS = ("xoauth2", "oauthbearer")
OFFERED = "IMAP4rev1 IDLE UIDPLUS MOVE AUTH=XOAUTH2 AUTH=OAUTHBEARER"


@pytest.fixture(scope="module")
def trusted() -> Iterator[tuple[Provider, Dovecot]]:
    """A Dovecot that takes the tokens of a provider."""
    if find_dovecot() is None:
        missing(NO_DOVECOT)
    with Provider() as provider, Dovecot(introspection=provider.url("introspect")) as server:
        yield provider, server


@pytest.fixture
def dovecot_user(trusted: tuple[Provider, Dovecot]) -> Iterator[ServedMailbox]:
    """A mailbox for whose user the provider gives tokens from now on."""
    provider, server = trusted
    served = server.mailbox()
    provider.user, provider.life = served.user, 3600
    provider.refresh_tokens = {REFRESH}
    provider.forms.clear()
    yield served
    provider.access_tokens.clear()


def oauth(provider: Provider, served: ServedMailbox, folder: Path, **more: str) -> dict[str, str]:
    told = {
        "IMAP_PASSWORD": "",
        "OAUTH_TOKEN_FILE": f"{folder}/token.json",
        "OAUTH_REFRESH_TOKEN": REFRESH,
    }
    return served.settings() | provider.settings() | told | more


def config_of(settings: dict[str, str]) -> Config:
    return load_config(settings, {}, need={"imap"})


# ---------------------------------------------------------------- a real server


@pytest.mark.dovecot
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_token_opens_the_mailbox(
    trusted: tuple[Provider, Dovecot], dovecot_user: ServedMailbox, tmp_path: Path, mechanism: str
) -> None:
    uid = dovecot_user.append(mail())
    with connect(config_of(oauth(trusted[0], dovecot_user, tmp_path, IMAP_AUTH=mechanism))) as mailbox:
        assert mailbox.uids() == [uid]


@pytest.mark.dovecot
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_token_that_the_server_calls_bad_is_replaced_once_and_then_refused(
    trusted: tuple[Provider, Dovecot], dovecot_user: ServedMailbox, tmp_path: Path, mechanism: str
) -> None:
    provider, memory = trusted[0], Memory()
    config = config_of(oauth(provider, dovecot_user, tmp_path, IMAP_AUTH=mechanism))
    with connect(config, memory):
        pass
    provider.access_tokens.clear()
    with pytest.raises(MailboxAway, match="the next login has a new one") as away, connect(config, memory):
        pass
    assert away.value.why is Why.TOKEN_EXPIRED
    with connect(config, memory):
        pass
    provider.user = "somebody-else"
    with pytest.raises(MailboxAway), connect(config, memory):
        pass
    with pytest.raises(MailboxRefused, match="refuses the access token") as caught, connect(config, memory):
        pass
    assert caught.value.certain
    whole = "".join(traceback.format_exception(caught.value))
    assert not any(token in whole for token in provider.access_tokens | {REFRESH})


def lone_worker(settings: dict[str, str], *words: str) -> subprocess.Popen[str]:
    sets = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    return subprocess.Popen(
        [sys.executable, "worker.py", *sets, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def look(database: Path) -> int:
    store = Store.open(f"sqlite:///{database}", NOW)
    try:
        with store.reading():
            return int(Receipt.select().count())
    finally:
        store.close()


@pytest.mark.dovecot
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_the_worker_logs_in_with_tokens_and_takes_a_new_one_before_the_old_one_ends(
    trusted: tuple[Provider, Dovecot], dovecot_user: ServedMailbox, tmp_path: Path, mechanism: str
) -> None:
    provider = trusted[0]
    provider.life = 3
    office = open_office(tmp_path)
    office.store.close()
    dovecot_user.append(mail())
    more = {
        "IMAP_AUTH": mechanism,
        "POLL_INTERVAL": "0.3",
        "LOG_DOMAIN": "log.example",
        "DATABASE_URL": f"sqlite:///{tmp_path}/crm.sqlite3",
    }
    worker = lone_worker(oauth(provider, dovecot_user, tmp_path, **more))
    try:
        until(lambda: look(tmp_path / "crm.sqlite3") == 1, 30)
        asked = len(provider.forms)
        until(lambda: len(provider.forms) >= asked + 2, 30)
        dovecot_user.append(mail(subject="After two tokens"))
        until(lambda: look(tmp_path / "crm.sqlite3") == 2, 30)
    finally:
        worker.send_signal(signal.SIGTERM)
        said, _ = worker.communicate(timeout=20)
    assert worker.returncode == 0
    assert "ERROR" not in said
    assert not any(token in said for token in provider.access_tokens | {REFRESH})


# ---------------------------------------------------------------- servers with a fault


def peer_that_takes_tokens(
    answers: dict[str, bytes | Callable[[Conversation, bytes, bytes], None]] | None = None,
    capabilities: str = OFFERED,
) -> ScriptedPeer:
    def authenticate(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ \r\n")
        talk.line()
        talk.ok(tag)

    return ScriptedPeer(
        {1: mail()}, answers={"AUTHENTICATE": authenticate} | (answers or {}), capabilities=capabilities
    )


def test_a_server_that_takes_no_tokens_never_sees_one(provider: Provider, tmp_path: Path) -> None:
    with peer_that_takes_tokens(capabilities="IMAP4rev1 AUTH=PLAIN") as peer:
        with pytest.raises(MailboxMisconfigured, match="offers no XOAUTH2"):
            connect(config_of(oauth(provider, peer.mailbox(), tmp_path))).__enter__()
        assert peer.count("AUTHENTICATE") == 0


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_an_error_in_a_challenge_is_answered_as_the_mechanism_asks(
    provider: Provider, tmp_path: Path, mechanism: str
) -> None:
    responses: list[bytes] = []

    def refuse(talk: Conversation, tag: bytes, _arguments: bytes) -> None:
        talk.send(b"+ \r\n")
        talk.line()
        talk.send(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
        responses.append(talk.line())
        talk.send(tag + b" NO SASL authentication failed\r\n")

    with peer_that_takes_tokens({"AUTHENTICATE": refuse}) as peer:
        with pytest.raises(MailboxRefused) as caught:
            connect(config_of(oauth(provider, peer.mailbox(), tmp_path, IMAP_AUTH=mechanism))).__enter__()
        assert caught.value.certain
    assert responses == [{"xoauth2": b"", "oauthbearer": b"AQ=="}[mechanism]]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(400, {"error": "invalid_grant"}), ReauthRequired),
        (Reply(401, {"error": "invalid_client"}), MailboxMisconfigured),
        (Reply(503), MailboxAway),
    ],
)
def test_what_the_provider_refuses_is_an_error_of_the_mailbox(
    provider: Provider, tmp_path: Path, reply: Reply, kind: type[Exception]
) -> None:
    provider.replies.append(reply)
    with peer_that_takes_tokens() as peer:
        with pytest.raises(kind):
            connect(config_of(oauth(provider, peer.mailbox(), tmp_path))).__enter__()
        assert peer.count("AUTHENTICATE") == 0


# ---------------------------------------------------------------- how the worker bears it


def works(provider: Provider, served: ServedMailbox, folder: Path, **more: str) -> dict[str, str]:
    office = open_office(folder)
    office.store.close()
    told = {
        "LOG_DOMAIN": "log.example",
        "DATABASE_URL": f"sqlite:///{folder}/crm.sqlite3",
        "POLL_INTERVAL": "0.3",
    }
    return oauth(provider, served, folder, **(told | more))


def alarms_in(folder: Path) -> list[tuple[str, str]]:
    store = Store.open(f"sqlite:///{folder}/crm.sqlite3", NOW)
    try:
        return [(each.kind, each.detail) for each in store.open_alarms()]
    finally:
        store.close()


def test_row_34_a_session_that_ends_with_its_token_goes_on_with_a_new_one_and_raises_no_alarm(
    provider: Provider, tmp_path: Path
) -> None:
    ended: list[bool] = []

    def search(talk: Conversation, tag: bytes, arguments: bytes) -> None:
        if talk.peer.count("UID SEARCH") >= 3 and not ended:
            ended.append(True)
            talk.send(b"* BYE Session invalidated - AccessTokenExpired\r\n")
            talk.connection.close()
            return
        talk.default("UID SEARCH", tag, arguments)

    with peer_that_takes_tokens({"UID SEARCH": search}) as peer:
        worker = lone_worker(works(provider, peer.mailbox(), tmp_path))
        try:
            until(lambda: bool(ended) and peer.count("AUTHENTICATE") == 2, 30)
            before = peer.count("UID SEARCH")
            until(lambda: peer.count("UID SEARCH") > before, 30)
        finally:
            worker.send_signal(signal.SIGTERM)
            said, _ = worker.communicate(timeout=20)
    assert len(provider.forms) == 2
    assert alarms_in(tmp_path) == []
    assert "ERROR" not in said, "a rest is told of as one"
    assert "AccessTokenExpired" in said


def test_row_35_a_dead_refresh_token_is_an_alarm_at_once_that_says_what_to_do(
    provider: Provider, tmp_path: Path
) -> None:
    provider.revoke()
    with peer_that_takes_tokens() as peer:
        worker = lone_worker(works(provider, peer.mailbox(), tmp_path))
        try:
            until(lambda: bool(alarms_in(tmp_path)), 30)
        finally:
            worker.send_signal(signal.SIGTERM)
            said, _ = worker.communicate(timeout=20)
    ((kind, detail),) = alarms_in(tmp_path)
    assert kind == "reauth-required"
    assert "invalid_grant" in detail
    assert "run `crm-logger auth login`" in detail
    assert len(provider.forms) == 1
    assert "state=reauth-required" in said or '"state": "reauth-required"' in said
    assert REFRESH not in said
    assert worker.returncode == 0
