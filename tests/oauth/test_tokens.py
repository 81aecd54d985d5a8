"""Access tokens: when they are asked for, and what is said where none is given. The provider is a server on loopback."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crm_logger.config import load_config
from crm_logger.oauth import OAuthAway, OAuthError, OAuthMisconfigured, ReauthRequired, Tokens
from crm_logger.oauth.exchange import ask
from crm_logger.oauth.provider import provider_of
from crm_logger.oauth.sasl import oauthbearer, response_to_refusal, xoauth2
from tests.servers.scripted import ScriptedPeer
from tests.servers.tokens import REFRESH, Provider, Reply

if TYPE_CHECKING:
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


@pytest.mark.row(85)
def test_the_end_is_told_by_the_clock_of_the_provider(provider: Provider, settings: Settings) -> None:
    provider.replies.append(
        Reply(body={"access_token": "x", "expires_in": 60}, headers={"Date": "Tue, 03 Mar 2026 12:00:00 GMT"})
    )
    assert Tokens(settings()).access().expires == datetime(2026, 3, 3, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("date", ["soon", "Tue, 03 Mar 2026 12:00:00 +99999999999999"])
def test_a_date_that_is_none_costs_no_token(provider: Provider, settings: Settings, date: str) -> None:
    provider.replies.append(Reply(body={"access_token": "x", "expires_in": 60}, headers={"Date": date}))
    assert abs(Tokens(settings()).access().expires - datetime.now(UTC)) < timedelta(days=1)


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


def test_an_answer_that_drips_is_not_waited_for_to_its_end(provider: Provider) -> None:
    provider.replies.append(Reply(200, '{"access_token": "x"}', pause=0.15))
    with pytest.raises(OAuthAway, match="did not answer in time"):
        ask(provider.url("token"), {}, 0.3)


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
