"""`auth login` and `auth status`, typed; the provider is a server on loopback and answers at once."""

from __future__ import annotations

import re
import threading
import time
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.servers.tokens import REFRESH, Provider, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.admin.conftest import Desk

SECRETS = re.compile(r"access-[0-9a-f]{16}|refresh-[0-9a-f]{16}|the-device-code|" + REFRESH)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


@pytest.fixture
def oauth_desk(desk: Desk, provider: Provider) -> Desk:
    desk.settings |= provider.settings() | {"IMAP_PASSWORD": "", "IMAP_TIMEOUT": "5"}
    return desk


def test_signing_in_on_another_device_keeps_the_refresh_token(
    oauth_desk: Desk, provider: Provider, tmp_path: Path
) -> None:
    told = oauth_desk.ok("auth", "login", OAUTH_DEVICE_URL=provider.url("device"))
    assert "https://login.example/device" in told
    assert "ABCD-EFGH" in told
    assert not SECRETS.search(told)
    kept = tmp_path / "oauth-token.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    status = oauth_desk.json("auth", "status")
    assert (status["provider"], status["grant"], status["scope"]) == ("custom", "refresh", "imap")
    assert status["valid_until"].endswith("Z")
    assert status["consent_of"].endswith("Z")
    assert provider.asked("refresh_token")[0] in kept.read_text()


def test_signing_in_with_a_browser_on_this_machine(oauth_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def browse(link: str) -> None:
        port = re.findall(r"127\.0\.0\.1%3A(\d+)", link)[0]
        state = re.findall(r"state=([^&]+)", link)[0]
        urllib.request.urlopen(f"http://127.0.0.1:{port}/?code=c&state={state}", timeout=10).close()

    def show(text: str = "", **_more: object) -> None:
        shown.append(text)
        if "code_challenge" in text:
            threading.Thread(target=browse, args=(text,)).start()

    shown: list[str] = []
    monkeypatch.setattr("crm_logger.admin.auth.click.echo", show)
    assert oauth_desk.type("auth", "login").status == 0
    assert any("Consent is given" in line for line in shown)
    assert not any(SECRETS.search(line) for line in shown)


def test_a_consent_that_is_given_again_revives_a_dead_refresh_token(
    oauth_desk: Desk, provider: Provider
) -> None:
    provider.revoke()
    settings = {"OAUTH_REFRESH_TOKEN": REFRESH, "OAUTH_DEVICE_URL": provider.url("device")}
    assert "run `crm-logger auth login`" in oauth_desk.refused("auth", "status", status=77, **settings)
    oauth_desk.ok("auth", "login", **settings)
    assert not SECRETS.search(oauth_desk.ok("auth", "status", **settings))


def test_the_status_of_a_login_for_people(oauth_desk: Desk) -> None:
    told = oauth_desk.ok("auth", "status", OAUTH_REFRESH_TOKEN=REFRESH)
    assert re.search(r"^scope +imap$", told, re.MULTILINE)
    assert re.search(rf"^valid until +{time.strftime('%Y')}-", told, re.MULTILINE)
    assert not SECRETS.search(told)


@pytest.mark.parametrize(
    ("settings", "status", "said"),
    [
        ({"IMAP_AUTH": "password", "IMAP_PASSWORD": "x"}, 1, "set IMAP_AUTH=xoauth2"),
        ({"OAUTH_GRANT": "client", "OAUTH_CLIENT_SECRET": "x"}, 1, "needs nobody to sign in"),
        ({"OAUTH_TOKEN_FILE": "/nowhere/at/all"}, 1, "set OAUTH_TOKEN_FILE"),
        ({"OAUTH_LOGIN_URL": ""}, 78, "OAUTH_LOGIN_URL"),
    ],
)
def test_a_sign_in_that_cannot_work_is_refused_before_anybody_is_sent_off(
    oauth_desk: Desk, settings: dict[str, str], status: int, said: str
) -> None:
    assert said in oauth_desk.refused("auth", "login", status=status, **settings)


def test_a_provider_that_gives_no_refresh_token_is_told(oauth_desk: Desk, provider: Provider) -> None:
    invitation = {"device_code": "x", "user_code": "y", "verification_uri": "z", "interval": 0.01}
    provider.replies.extend([Reply(body=invitation), Reply(body={"access_token": "x"})])
    said = oauth_desk.type("auth", "login", OAUTH_DEVICE_URL=provider.url("device"))
    assert said.status == 78
    assert "offline_access" in said.err


def test_a_provider_that_is_away_is_worth_another_try(oauth_desk: Desk, provider: Provider) -> None:
    provider.replies.append(Reply(503))
    oauth_desk.refused("auth", "status", status=75, OAUTH_REFRESH_TOKEN=REFRESH)
