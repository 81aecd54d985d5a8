"""Consent on another device (RFC 8628): a link and a code are shown, and the provider is asked until somebody agreed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from crm_logger.config_values import Secret
from crm_logger.oauth.errors import OAuthAway, OAuthError, OAuthMisconfigured
from crm_logger.oauth.exchange import ask, host_of
from crm_logger.oauth.grants import client_fields, granted_in, without_secrets
from crm_logger.oauth.provider import provider_of, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_logger.config import Config
    from crm_logger.oauth.exchange import Answer
    from crm_logger.oauth.grants import Granted

USUAL_LIFE: Final = 900.0
USUAL_PAUSE, LONGEST_PAUSE, SLOWER = 5.0, 60.0, 5.0
_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the person is shown: open the link, type the code. Seconds: it ends after `life`, `pause` between two questions."""

    link: str
    code: str
    life: float
    pause: float
    device_code: Secret


def invite(config: Config) -> Invitation:
    """Ask for a link and a code. Raises an OAuthError."""
    provider = provider_of(config)
    if not provider.device_url:
        raise OAuthMisconfigured(
            "This provider is not known to let one sign in on another device: use --flow loopback, or set OAUTH_DEVICE_URL."
        )
    form = {"client_id": config.oauth_client_id, "scope": provider.scope}
    answer = ask(provider.device_url, form, config.imap_timeout)
    if answer.status != 200:
        raise refusal(answer, provider.device_url, by_consent=False)
    code, link = answer.text("user_code"), _link(answer)
    secret = answer.fields.get("device_code")
    if not (code and link and isinstance(secret, str) and secret):
        raise OAuthAway(f"{host_of(provider.device_url)} answered without a code to sign in with.")
    return Invitation(
        link,
        code,
        answer.seconds("expires_in", USUAL_LIFE, USUAL_LIFE),
        answer.seconds("interval", USUAL_PAUSE, LONGEST_PAUSE),
        Secret(secret),
    )


def _link(answer: Answer) -> str:
    """Google writes verification_url."""
    return answer.text("verification_uri") or answer.text("verification_url")


def await_consent(
    config: Config,
    invitation: Invitation,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Granted:
    """Ask until the person agreed, declined, or the time is up. Raises an OAuthError."""
    provider, pause = provider_of(config), invitation.pause
    end = clock() + invitation.life
    while clock() + pause < end:
        sleep(pause)
        form = {"grant_type": _GRANT, "device_code": invitation.device_code.reveal()}
        form |= client_fields(config, provider, datetime.now(UTC))
        try:
            answer = ask(provider.token_url, form, config.imap_timeout)
        except OAuthAway:
            # RFC 8628 §3.5: less often, where the connection times out.
            pause = min(2 * pause, LONGEST_PAUSE)
            continue
        error = answer.text("error")
        if error == "slow_down":
            pause = min(pause + SLOWER, LONGEST_PAUSE)
        elif error in _ENDS:
            raise OAuthError(_ENDS[error])
        elif error != "authorization_pending" and answer.status < 500:
            return granted_in(without_secrets(answer, form), provider.token_url, by_consent=False)
    raise OAuthError(_ENDS["expired_token"])


_ENDS: Final = {
    "access_denied": "Consent was declined: nothing has changed.",
    "expired_token": "Nobody signed in before the time was up: nothing has changed. Run the command again.",
}
