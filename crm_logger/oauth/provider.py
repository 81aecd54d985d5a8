"""Where each provider is asked for what, and what its error codes mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_logger.oauth.errors import (
    LOGIN,
    OAuthAway,
    OAuthError,
    OAuthMisconfigured,
    ReauthRequired,
)
from crm_logger.oauth.exchange import host_of

if TYPE_CHECKING:
    from crm_logger.config import Config
    from crm_logger.oauth.exchange import Answer


@dataclass(frozen=True, slots=True)
class Provider:
    """The addresses of one provider, and the scopes that IMAP needs there: for a user's consent, and for the app itself."""

    token_url: str
    login_url: str = ""
    device_url: str = ""
    scope: str = ""
    app_scope: str = ""
    sends_scope: bool = True


_GOOGLE = Provider(
    token_url="https://oauth2.googleapis.com/token",  # noqa: S106 -- an address
    login_url="https://accounts.google.com/o/oauth2/v2/auth",
    scope="https://mail.google.com/",
    app_scope="https://mail.google.com/",
    sends_scope=False,
)


def provider_of(config: Config) -> Provider:
    """The provider of the settings; an address that is set comes before the usual one."""
    usual = _usual(config)
    return Provider(
        token_url=config.oauth_token_url or usual.token_url,
        login_url=config.oauth_login_url or usual.login_url,
        device_url=config.oauth_device_url or usual.device_url,
        scope=config.oauth_scope or usual.scope,
        app_scope=config.oauth_scope or usual.app_scope,
        sends_scope=usual.sends_scope,
    )


def _usual(config: Config) -> Provider:
    if config.oauth_provider == "gmail":
        return _GOOGLE
    if config.oauth_provider == "microsoft365":
        base = f"https://login.microsoftonline.com/{config.oauth_tenant}/oauth2/v2.0"
        return Provider(
            token_url=f"{base}/token",
            login_url=f"{base}/authorize",
            device_url=f"{base}/devicecode",
            scope="https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
            app_scope="https://outlook.office365.com/.default",
        )
    return Provider(token_url="")


# RFC 6749 §5.2, and the names that Google, Microsoft and OpenID Connect add.
_CONSENT = frozenset({"invalid_grant", "interaction_required", "consent_required", "login_required"})
_PASSING = frozenset({"temporarily_unavailable", "server_error", "internal_failure"})
_APP = (
    "refuses the app",
    "check OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET, and whether the secret or the certificate has run out",
)
_TO_MEND = {
    "invalid_client": _APP,
    "unauthorized_client": _APP,
    "invalid_scope": (
        "does not give these scopes",
        "check OAUTH_SCOPE and the permissions of the app",
    ),
} | dict.fromkeys(
    _CONSENT,
    (
        "refuses the key or the service account",
        "check OAUTH_KEY_FILE, the rights given to it, and this machine's clock",
    ),
)


def refusal(answer: Answer, url: str, *, by_consent: bool) -> OAuthError:
    """What an answer without a token means; `by_consent` where the token rests on a person's consent."""
    host, error = host_of(url), answer.text("error")
    said = f"{error}: {answer.text('error_description')}".strip(": ")
    if answer.status == 429 or answer.status >= 500 or error in _PASSING:
        return OAuthAway(f"{host} gives no token just now ({said or answer.status}).", answer.retry_after)
    if error in _CONSENT and by_consent:
        return ReauthRequired(
            f"{host} does not take the refresh token any more ({said}): {LOGIN}, and sign in as the shared mailbox. "
            "No mail is lost: it waits in the mailbox."
        )
    if error:
        what, to_do = _TO_MEND.get(error, ("gives no token", "check the OAUTH settings"))
        return OAuthMisconfigured(f"{host} {what} ({said}): {to_do}.")
    return OAuthAway(f"{host} answered {answer.status} without a token, which is no token endpoint's answer.")
