"""Access tokens: when they are asked for, and what is said where none is given. The provider is a server on loopback."""

from __future__ import annotations

import errno
import json
import logging
import os
import threading
import time
import traceback
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crm_logger.config import load_config
from crm_logger.oauth import OAuthAway, OAuthError, OAuthMisconfigured, ReauthRequired, Tokens, token_file
from crm_logger.oauth.exchange import ask
from crm_logger.oauth.provider import provider_of
from crm_logger.oauth.sasl import oauthbearer, response_to_refusal, xoauth2
from tests.servers.scripted import ScriptedPeer
from tests.servers.tokens import REFRESH, Provider, Reply

if TYPE_CHECKING:
    from pathlib import Path

    from tests.oauth.conftest import Settings


PASSWORD = "hunter2-of-the-app"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


# ---------------------------------------------------------------- when a token is asked for


def test_one_token_serves_until_four_fifths_of_its_life_have_passed(
    provider: Provider, settings: Settings
) -> None:
    clock = Clock()
    tokens = Tokens(settings(), clock)
    first = tokens.access()
    clock.now += 0.8 * 3600 - 1
    assert tokens.access() is first
    assert not tokens.is_due(first)
    clock.now += 1
    assert tokens.is_due(first)
    assert tokens.access().secret.reveal() != first.secret.reveal()
    assert len(provider.forms) == 2


def test_a_refresh_token_is_sent_with_the_app_and_the_scope(provider: Provider, settings: Settings) -> None:
    Tokens(settings(OAUTH_CLIENT_SECRET="of the app")).access()
    assert provider.forms == [
        {
            "grant_type": "refresh_token",
            "refresh_token": REFRESH,
            "scope": "imap",
            "client_id": "the-app",
            "client_secret": "of the app",
        }
    ]


def test_an_app_may_ask_for_itself(provider: Provider, settings: Settings) -> None:
    Tokens(settings(OAUTH_GRANT="client", OAUTH_CLIENT_SECRET="of the app", OAUTH_REFRESH_TOKEN="")).access()
    assert provider.forms[0]["grant_type"] == "client_credentials"
    assert provider.forms[0]["client_secret"] == "of the app"


@pytest.mark.parametrize(
    ("told", "life"),
    [
        (100, 100),
        ("100", 100),
        (None, 3600),
        ("soon", 3600),
        (-5, 3600),
        (0, 3600),
        ("nan", 3600),
        (1e300, 86400),
    ],
)
def test_a_life_that_is_odd_is_taken_for_an_hour_and_none_is_longer_than_a_day(
    provider: Provider, settings: Settings, told: object, life: float
) -> None:
    provider.life = told
    token = Tokens(settings(), Clock()).access()
    assert (token.renew_at, token.ends_at) == (1000 + 0.8 * life, 1000 + life)


def test_the_end_is_told_by_the_clock_of_the_provider(provider: Provider, settings: Settings) -> None:
    provider.replies.append(
        Reply(body={"access_token": "x", "expires_in": 60}, headers={"Date": "Tue, 03 Mar 2026 12:00:00 GMT"})
    )
    assert Tokens(settings()).access().expires == datetime(2026, 3, 3, 12, 1, tzinfo=UTC)


def test_a_token_is_used_to_its_end_while_the_provider_is_away(
    provider: Provider, settings: Settings
) -> None:
    clock = Clock()
    tokens = Tokens(settings(), clock)
    first = tokens.access()
    clock.now += 3000
    provider.replies.extend([Reply(503), Reply(503)])
    again = tokens.access()
    assert again.secret is first.secret
    assert not tokens.is_due(again)
    assert tokens.access() is again
    clock.now += 600
    with pytest.raises(OAuthAway):
        tokens.access()


def test_a_token_that_expired_is_not_used_again(settings: Settings) -> None:
    tokens = Tokens(settings())
    first = tokens.access()
    tokens.expire()
    assert tokens.access().secret.reveal() != first.secret.reveal()
    assert tokens.is_due(first)


# ---------------------------------------------------------------- the refresh token


def told_of(path: Path) -> dict[str, Any]:
    told = json.loads(path.read_text())
    assert isinstance(told, dict)
    return told


def test_a_refresh_token_that_is_replaced_is_kept_for_the_next_start(
    provider: Provider, settings: Settings, tmp_path: Path
) -> None:
    provider.rotates = True
    tokens = Tokens(settings())
    for _ in range(3):
        tokens.access()
        tokens.expire()
    Tokens(settings()).access()
    assert len(set(provider.asked("refresh_token"))) == 4
    assert told_of(tmp_path / "token.json")["refresh_token"] in provider.refresh_tokens
    assert (tmp_path / "token.json").stat().st_mode & 0o777 == 0o600
    assert {each.name for each in tmp_path.iterdir()} == {"token.json", "token.json.lock"}


def test_a_new_refresh_token_in_the_settings_comes_before_an_old_one_in_the_file(
    provider: Provider, settings: Settings
) -> None:
    provider.rotates = True
    Tokens(settings()).access()
    provider.refresh_tokens.add("another")
    Tokens(settings(OAUTH_REFRESH_TOKEN="another")).access()
    assert provider.asked("refresh_token")[-1] == "another"


def test_two_processes_do_not_use_one_refresh_token_twice(provider: Provider, settings: Settings) -> None:
    provider.rotates = True
    Tokens(settings()).access()
    failed: list[OAuthError] = []

    def use() -> None:
        try:
            for _ in range(5):
                Tokens(settings()).access()
        except OAuthError as trouble:
            failed.append(trouble)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(set(provider.asked("refresh_token"))) == 21


def test_where_the_file_cannot_be_written_the_new_token_is_used_and_a_warning_is_given(
    provider: Provider, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    provider.rotates = True
    tokens = Tokens(settings(OAUTH_TOKEN_FILE=f"{tmp_path}/nowhere/token.json"))
    tokens.access()
    tokens.expire()
    tokens.access()
    assert "cannot be kept" in caplog.text
    assert provider.refresh_tokens.isdisjoint(caplog.text.split())


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        ("not JSON", 0o600, "holds no refresh token"),
        ("[1]", 0o600, "holds no refresh token"),
        ("{}", 0o600, "holds no refresh token"),
        ('{"refresh_token": "s3cret", "client_id": 1}', 0o600, "holds no refresh token"),
        ("[" * 100_000, 0o600, "holds no refresh token"),
        ("{}", 0o640, "chmod 600"),
        ("{}", 0o604, "chmod 600"),
    ],
)
def test_a_token_file_that_cannot_be_used_is_told(
    settings: Settings, tmp_path: Path, content: str, mode: int, said: str
) -> None:
    (tmp_path / "token.json").write_text(content)
    (tmp_path / "token.json").chmod(mode)
    with pytest.raises(OAuthMisconfigured, match=said) as caught:
        Tokens(settings()).access()
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


def test_without_any_refresh_token_somebody_has_to_sign_in(settings: Settings) -> None:
    with pytest.raises(ReauthRequired, match="crm-logger auth login"):
        Tokens(settings(OAUTH_REFRESH_TOKEN="")).access()


def test_a_refresh_token_of_another_app_is_not_sent_to_this_one(
    provider: Provider, settings: Settings
) -> None:
    provider.rotates = True
    Tokens(settings()).access()
    with pytest.raises(ReauthRequired, match="another app"):
        Tokens(settings(OAUTH_REFRESH_TOKEN="", OAUTH_CLIENT_ID="another")).access()
    assert len(provider.forms) == 1


def test_google_is_warned_about_while_the_app_may_be_in_testing(
    provider: Provider, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    google = settings(OAUTH_PROVIDER="gmail")
    tokens = Tokens(google)
    tokens.access()
    assert "younger than 7 days" in caplog.text
    assert "scope" not in provider.forms[0]
    caplog.clear()
    provider.more["refresh_token_expires_in"] = 604799
    tokens.expire()
    tokens.access()
    assert caplog.text == ""
    Tokens(settings(OAUTH_PROVIDER="gmail", OAUTH_TOKEN_FILE=google.oauth_token_file + "2")).access()
    assert (
        f"ends this refresh token on {datetime.now(UTC) + timedelta(seconds=604799):%d %B %Y}" in caplog.text
    )


# ---------------------------------------------------------------- where none is given


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(400, {"error": "invalid_grant"}), ReauthRequired, "run `crm-logger auth login`"),
        (Reply(400, {"error": "interaction_required"}), ReauthRequired, "sign in as the shared mailbox"),
        (Reply(401, {"error": "invalid_client"}), OAuthMisconfigured, "check OAUTH_CLIENT_ID"),
        (Reply(400, {"error": "invalid_scope"}), OAuthMisconfigured, "check OAUTH_SCOPE"),
        (Reply(400, {"error": "brand_new"}), OAuthMisconfigured, "brand_new"),
        (Reply(500, "<h1>oh no</h1>"), OAuthAway, "no token just now"),
        (Reply(429, {"error": "slow_down"}, {"Retry-After": "17"}), OAuthAway, "just now"),
        (Reply(400, {"error": "temporarily_unavailable"}), OAuthAway, "just now"),
        (Reply(200, "<html>A hotel's log-in page"), OAuthAway, "without a token"),
        (Reply(200, {"access_token": "one\x01two"}), OAuthAway, "without a token"),
        (Reply(200, {"access_token": {"no": "text"}}), OAuthAway, "without a token"),
        (Reply(200, '{"access_token": "x", "more": "' + "y" * 300_000 + '"}'), OAuthAway, "without a token"),
        (Reply(200, "[" * 100_000), OAuthAway, "without a token"),
        (Reply(200, b"\xff\xfe\x00"), OAuthAway, "without a token"),
        (Reply(302, "", {"Location": "http://127.0.0.1:1/"}), OAuthAway, "answered 302"),
        (Reply(404, "not here"), OAuthAway, "answered 404"),
    ],
)
def test_an_answer_without_a_token_becomes_a_sentence(
    provider: Provider, settings: Settings, reply: Reply, kind: type[OAuthError], said: str
) -> None:
    provider.replies.append(reply)
    with pytest.raises(OAuthError, match=said) as caught:
        Tokens(settings()).access()
    assert type(caught.value) is kind
    assert getattr(caught.value, "retry_after", None) == (17 if reply.headers.get("Retry-After") else None)
    assert "\n" not in str(caught.value)


def test_no_secret_is_told_even_by_a_provider_that_quotes_it(provider: Provider, settings: Settings) -> None:
    provider.replies.append(
        Reply(
            400, {"error": "invalid_grant", "error_description": f"{REFRESH} of {PASSWORD}\n\x1b[31mis dead"}
        )
    )
    with pytest.raises(ReauthRequired) as caught:
        Tokens(settings(OAUTH_CLIENT_SECRET=PASSWORD)).access()
    whole = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=False).format())
    assert REFRESH not in whole
    assert PASSWORD not in whole
    assert "\x1b" not in str(caught.value)
    assert caught.value.__context__ is None


def test_an_answer_that_drips_is_waited_for_no_longer_than_twice_the_timeout(provider: Provider) -> None:
    provider.replies.append(Reply(200, '{"access_token": "x"}', pause=0.15))
    began = time.monotonic()
    with pytest.raises(OAuthAway, match="did not answer in time"):
        ask(provider.url("token"), {}, 0.3)
    assert time.monotonic() - began < 2


def test_a_provider_that_is_not_there_is_away() -> None:
    with pytest.raises(OAuthAway, match=r"127\.0\.0\.1 cannot be asked for a token"):
        ask("http://127.0.0.1:1/token", {}, 1)


def test_a_provider_with_a_certificate_that_nobody_vouches_for_gets_no_secret() -> None:
    with ScriptedPeer(tls=True) as peer, pytest.raises(OAuthMisconfigured, match="cannot be trusted"):
        ask(f"https://127.0.0.1:{peer.port}/token", {"refresh_token": REFRESH}, 5)
    assert peer.commands == []


def test_what_goes_to_this_machine_passes_no_proxy(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    assert Tokens(settings()).access().scope == "imap"


def test_a_token_file_that_another_process_keeps_is_waited_for_and_then_told(
    settings: Settings, tmp_path: Path
) -> None:
    with (
        token_file.alone(tmp_path / "token.json", 1),
        pytest.raises(OAuthAway, match="in use by another process"),
    ):
        Tokens(settings(IMAP_TIMEOUT="0.1")).access()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_root_writes_belongs_to_the_service(settings: Settings, tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    Tokens(settings()).access()
    assert {each.stat().st_uid for each in tmp_path.iterdir()} == {65534}


def test_a_file_that_cannot_be_replaced_is_left_as_it_was(
    provider: Provider, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    provider.rotates = True
    tokens = Tokens(settings())
    tokens.access()
    before = (tmp_path / "token.json").read_bytes()
    tokens.expire()
    with monkeypatch.context() as patched:
        patched.setattr("crm_logger.oauth.token_file.os.fsync", full)
        tokens.access()
    assert (tmp_path / "token.json").read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"token.json", "token.json.lock"}
    tokens.expire()
    tokens.access()
    assert told_of(tmp_path / "token.json")["refresh_token"] in provider.refresh_tokens


def test_nothing_is_sent_without_encryption() -> None:
    with pytest.raises(OAuthMisconfigured, match="by https"):
        ask("http://login.example/token", {"refresh_token": "x"}, 1)


def test_the_addresses_of_the_providers() -> None:
    told = {"IMAP_AUTH": "xoauth2", "OAUTH_CLIENT_ID": "x", "OAUTH_TENANT": "acme.example"}
    microsoft = provider_of(load_config(told | {"OAUTH_PROVIDER": "microsoft365"}, {}))
    google = provider_of(load_config(told | {"OAUTH_PROVIDER": "gmail"}, {}))
    assert microsoft.token_url == "https://login.microsoftonline.com/acme.example/oauth2/v2.0/token"
    assert microsoft.device_url.endswith("/acme.example/oauth2/v2.0/devicecode")
    assert "offline_access" in microsoft.scope
    assert microsoft.app_scope == "https://outlook.office365.com/.default"
    assert (google.token_url, google.device_url) == ("https://oauth2.googleapis.com/token", "")
    assert google.scope == "https://mail.google.com/"


# ---------------------------------------------------------------- what is said at the login


def test_the_first_words_of_a_login() -> None:
    assert xoauth2("crm@acme.test", "abc") == b"user=crm@acme.test\x01auth=Bearer abc\x01\x01"
    # RFC 7628 §4.1, but for the port.
    assert oauthbearer(
        "user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", "server.example.com", 143
    ) == (
        b"n,a=user@example.com,\x01host=server.example.com\x01port=143\x01"
        b"auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01"
    )
    assert oauthbearer("a=b,c", "t", "h", 1).startswith(b"n,a=a=3Db=2Cc,\x01")
    assert (response_to_refusal("xoauth2"), response_to_refusal("oauthbearer")) == (b"", b"\x01")


def test_a_renewal_is_no_news_in_the_log(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        Tokens(settings()).access()
    assert caplog.text == ""
