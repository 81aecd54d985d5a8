"""The first refresh token: on another device, or in a browser that comes back to this machine."""

from __future__ import annotations

import base64
import hashlib
import http.client
import threading
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from crm_logger.oauth import OAuthAway, OAuthError, OAuthMisconfigured, device
from crm_logger.oauth.consent import BrowserConsent
from tests.servers.tokens import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_logger.oauth.grants import Granted
    from tests.oauth.conftest import Settings
    from tests.servers.tokens import Provider


# ---------------------------------------------------------------- on another device


class Patient:
    """A clock that only sleeping moves, and what was slept."""

    def __init__(self, then: Callable[[int], None] = lambda _times: None) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._then = then

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)
        self._then(len(self.slept))

    def clock(self) -> float:
        return self.now


def consent(provider: Provider, settings: Settings, patient: Patient) -> Granted:
    config = settings(OAUTH_DEVICE_URL=provider.url("device"))
    return device.await_consent(config, device.invite(config), patient.sleep, patient.clock)


def test_an_invitation_shows_a_link_and_a_code_and_keeps_its_secret(
    provider: Provider, settings: Settings
) -> None:
    config = settings(OAUTH_DEVICE_URL=provider.url("device"))
    invitation = device.invite(config)
    assert (invitation.link, invitation.code) == ("https://login.example/device", "ABCD-EFGH")
    assert "the-device-code" not in repr(invitation)
    assert provider.forms == [{"client_id": "the-app", "scope": "imap"}]


def test_the_provider_is_asked_until_somebody_agreed(provider: Provider, settings: Settings) -> None:
    provider.consented = False

    def agree(times: int) -> None:
        provider.consented = times >= 3

    patient = Patient(agree)
    granted = consent(provider, settings, patient)
    assert granted.refresh_token.reveal() in provider.refresh_tokens
    assert patient.slept == [1, 1, 1]
    assert provider.forms[-1]["device_code"] == "the-device-code"


def test_a_provider_that_says_slow_down_is_asked_less_often(provider: Provider, settings: Settings) -> None:
    patient = Patient()
    config = settings(OAUTH_DEVICE_URL=provider.url("device"))
    invitation = device.invite(config)
    provider.replies.extend(
        [Reply(400, {"error": "slow_down"}), Reply(400, {"error": "slow_down"}), Reply(500, "oh")]
    )
    device.await_consent(config, invitation, patient.sleep, patient.clock)
    assert patient.slept == [1, 6, 11, 11]


def test_a_provider_that_does_not_answer_is_asked_less_often(provider: Provider, settings: Settings) -> None:
    config = settings(OAUTH_DEVICE_URL=provider.url("device"), IMAP_TIMEOUT="0.2")
    invitation = device.invite(config)
    provider.replies.append(Reply(200, "{}", pause=1))
    patient = Patient()
    device.await_consent(config, invitation, patient.sleep, patient.clock)
    assert patient.slept == [1, 2]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(400, {"error": "access_denied"}), "Consent was declined"),
        (Reply(400, {"error": "expired_token"}), "before the time was up"),
        (Reply(400, {"error": "invalid_client"}), "check OAUTH_CLIENT_ID"),
        (Reply(200, {}), "without a token"),
    ],
)
def test_consent_that_does_not_come_is_told(
    provider: Provider, settings: Settings, reply: Reply, said: str
) -> None:
    config = settings(OAUTH_DEVICE_URL=provider.url("device"))
    invitation = device.invite(config)
    provider.replies.append(reply)
    patient = Patient()
    with pytest.raises(OAuthError, match=said):
        device.await_consent(config, invitation, patient.sleep, patient.clock)
    assert len(patient.slept) == 1


def test_nobody_is_waited_for_longer_than_the_code_is_valid(provider: Provider, settings: Settings) -> None:
    provider.consented = False
    told = {"device_code": "x", "user_code": "y", "verification_url": "z", "expires_in": 1e9, "interval": 50}
    provider.replies.append(Reply(body=told))
    patient = Patient()
    with pytest.raises(OAuthError, match="before the time was up"):
        consent(provider, settings, patient)
    assert patient.now == 850


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(200, {"user_code": "A"}), OAuthAway),
        (Reply(200, "garbage"), OAuthAway),
        (Reply(400, {"error": "unauthorized_client"}), OAuthMisconfigured),
    ],
)
def test_an_invitation_that_is_none_is_told(
    provider: Provider, settings: Settings, reply: Reply, kind: type[Exception]
) -> None:
    provider.replies.append(reply)
    with pytest.raises(kind):
        device.invite(settings(OAUTH_DEVICE_URL=provider.url("device")))


def test_a_provider_without_a_device_endpoint_is_told(settings: Settings) -> None:
    with pytest.raises(OAuthMisconfigured, match="OAUTH_DEVICE_URL"):
        device.invite(settings())


# ---------------------------------------------------------------- in a browser


def fields_of(link: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def visit(consent: BrowserConsent, path: str, **fields: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", consent.port, timeout=10)
    try:
        connection.request("GET", f"{path}?{urlencode(fields)}")
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def waiting(consent: BrowserConsent, came: list[Granted | OAuthError]) -> threading.Thread:
    def wait() -> None:
        try:
            came.append(consent.wait(20))
        except OAuthError as trouble:
            came.append(trouble)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_the_link_asks_for_the_scope_and_binds_the_answer_to_us(
    provider: Provider, settings: Settings
) -> None:
    with BrowserConsent(settings()) as consent:
        fields = fields_of(consent.link)
        assert consent.link.startswith(provider.url("login") + "?")
    assert fields["redirect_uri"] == f"http://127.0.0.1:{consent.port}/"
    assert (fields["client_id"], fields["scope"], fields["login_hint"]) == ("the-app", "imap", "crm")
    assert (fields["code_challenge_method"], fields["access_type"]) == ("S256", "offline")
    assert len(fields["state"]) >= 32


def test_the_browser_brings_a_code_that_is_exchanged_with_its_proof(
    provider: Provider, settings: Settings
) -> None:
    came: list[Granted | OAuthError] = []
    with BrowserConsent(settings()) as consent:
        fields = fields_of(consent.link)
        thread = waiting(consent, came)
        assert visit(consent, "/favicon.ico")[0] == 404
        assert visit(consent, "/", code="of-an-attacker", state="guessed")[0] == 404
        assert visit(consent, "/", state=fields["state"])[0] == 404
        status, page = visit(consent, "/", code="<b>the-code", state=fields["state"])
        thread.join(20)
    assert status == 200
    assert "the-code" not in page
    (granted,) = came
    assert not isinstance(granted, OAuthError)
    assert granted.refresh_token.reveal() in provider.refresh_tokens
    (form,) = provider.forms
    assert form["code"] == "<b>the-code"
    challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() == fields["code_challenge"]
    assert 43 <= len(form["code_verifier"]) <= 128
    assert form["redirect_uri"] == fields["redirect_uri"]


def test_a_person_who_declines_in_the_browser_changes_nothing(settings: Settings) -> None:
    came: list[Granted | OAuthError] = []
    with BrowserConsent(settings()) as consent:
        thread = waiting(consent, came)
        visit(consent, "/", error="access_denied\x1b[31m", state=fields_of(consent.link)["state"])
        thread.join(20)
    assert "access_denied" in str(came[0])
    assert "\x1b" not in str(came[0])


def test_a_browser_that_never_comes_is_waited_for_no_longer_than_said(settings: Settings) -> None:
    with BrowserConsent(settings()) as consent, pytest.raises(OAuthError, match="before the time was up"):
        consent.wait(0.1)


def test_a_port_that_is_taken_is_told(settings: Settings) -> None:
    with (
        BrowserConsent(settings()) as consent,
        pytest.raises(OAuthError, match="--port"),
    ):
        BrowserConsent(settings(), consent.port)


def test_a_provider_without_a_login_page_is_told(settings: Settings) -> None:
    with pytest.raises(OAuthMisconfigured, match="OAUTH_LOGIN_URL"):
        BrowserConsent(settings(OAUTH_LOGIN_URL=""))
