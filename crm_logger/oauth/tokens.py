"""The access token: asked for when it is needed, renewed before it ends, forgotten when a server calls it expired."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crm_logger.oauth import grants, token_file
from crm_logger.oauth.errors import LOGIN, OAuthAway, OAuthError, OAuthMisconfigured, ReauthRequired
from crm_logger.oauth.provider import provider_of
from crm_logger.oauth.token_file import Kept, digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_logger.config import Config
    from crm_logger.config_values import Secret
    from crm_logger.oauth.grants import Granted

log = logging.getLogger("crm_logger.oauth")

RENEWED_AT: Final = 0.8
"""The share of its life after which a token is renewed."""
ASK_AGAIN: Final = 60.0
CLOCK_SLACK: Final = timedelta(seconds=60)
TESTING: Final = timedelta(days=7)
"""So long does a refresh token live that Google gives to an app in Testing."""


def seconds_since_boot() -> float:
    """A clock that nobody sets, and that goes on while the machine sleeps."""
    number = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(number)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token; `renew_at` and `ends_at` by the clock of its Tokens, `expires` by the provider's clock."""

    secret: Secret
    renew_at: float
    ends_at: float
    expires: datetime
    scope: str


class Tokens:
    """The tokens of one mailbox, as long as the process lives. `kept` is the refresh token in use, if there is one."""

    def __init__(self, config: Config, clock: Callable[[], float] = seconds_since_boot) -> None:
        self._config = config
        self._clock = clock
        self._path = Path(config.oauth_token_file)
        self._provider = provider_of(config)
        self._skew = timedelta(0)
        self._unwritten: Kept | None = None
        self._warned = False
        self.held: AccessToken | None = None
        self.kept: Kept | None = None

    def access(self) -> AccessToken:
        """A token that can be used now. Raises an OAuthError.

        Where the provider is away, a token that still lives is given, and the provider asked again a minute later.
        """
        now = self._clock()
        if self.held and now < self.held.renew_at:
            return self.held
        try:
            granted = self._granted()
        except OAuthAway:
            if not self.held or now >= self.held.ends_at:
                raise
            self.held = replace(self.held, renew_at=min(now + ASK_AGAIN, self.held.ends_at))
            return self.held
        self.held = AccessToken(
            granted.access_token,
            now + RENEWED_AT * granted.life,
            now + granted.life,
            granted.date + timedelta(seconds=granted.life),
            granted.scope or self._provider.scope,
        )
        return self.held

    def expire(self) -> None:
        """Forget the access token: a server does not take it any more."""
        self.held = None

    def is_due(self, token: AccessToken) -> bool:
        """Whether what was opened with that token should be opened anew, with the next one."""
        return (token is not self.held and self.held is not None) or self._clock() >= token.renew_at

    def _granted(self) -> Granted:
        if self._config.oauth_grant == "refresh":
            with token_file.alone(self._path, 2 * self._config.imap_timeout):
                return self._refreshed()
        try:
            return self._asked_by_key()
        except OAuthMisconfigured:
            # An assertion is valid for minutes by the provider's clock; its answer has told us that clock.
            if abs(self._skew) <= CLOCK_SLACK:
                raise
            return self._asked_by_key()

    def _asked_by_key(self) -> Granted:
        config, now = self._config, datetime.now(UTC) + self._skew
        build = grants.app_form if config.oauth_grant == "client" else grants.service_account_form
        form = build(config, self._provider, now)
        return self._ask(form, by_consent=False)

    def _ask(self, form: dict[str, str], *, by_consent: bool) -> Granted:
        def note(date: datetime) -> None:
            self._skew = date - datetime.now(UTC)

        return grants.ask_for_token(
            self._provider.token_url, form, self._config.imap_timeout, by_consent=by_consent, note=note
        )

    # ------------------------------------------------------------ the refresh token

    def _refreshed(self) -> Granted:
        kept, is_new = self._in_use()
        form = grants.refresh_form(
            self._config, self._provider, kept.refresh_token, datetime.now(UTC) + self._skew
        )
        granted = self._ask(form, by_consent=True)
        self.kept = _renewed(kept, granted)
        rotated = self.kept.refresh_token is not kept.refresh_token
        if rotated or is_new:
            self._write(self.kept, rotated=rotated)
        self._warn(self.kept)
        return granted

    def _in_use(self) -> tuple[Kept, bool]:
        """The refresh token to use, and whether it comes from the setting and is not in the file yet."""
        config = self._config
        found, seed = token_file.read(self._path), digest(config.oauth_refresh_token)
        if self._unwritten and (found is None or found.renewed <= self._unwritten.renewed):
            found = self._unwritten
        ours = found and (found.client_id, found.token_url) == (
            config.oauth_client_id,
            self._provider.token_url,
        )
        if found and ours and (not seed or found.seed == seed):
            return found, False
        if seed:
            return self._first(config.oauth_refresh_token, seed), True
        if found:
            raise ReauthRequired(
                f"The refresh token in {self._path} was given to another app (OAUTH_CLIENT_ID): {LOGIN}."
            )
        raise ReauthRequired(f"There is no refresh token in {self._path} yet: {LOGIN}.")

    def _first(self, token: Secret, seed: str) -> Kept:
        now = datetime.now(UTC)
        return Kept(
            refresh_token=token,
            client_id=self._config.oauth_client_id,
            token_url=self._provider.token_url,
            since=now,
            renewed=now,
            seed=seed,
        )

    def _write(self, kept: Kept, *, rotated: bool) -> None:
        try:
            token_file.write(self._path, kept)
            self._unwritten = None
        except OSError as error:
            self._unwritten = kept
            if rotated:
                log.warning(
                    "the new refresh token cannot be kept: it is lost when the service ends",
                    extra={"file": str(self._path), "error": error.strerror},
                )

    def _warn(self, kept: Kept) -> None:
        if not self._warned and (sentence := short_life(self._config, kept, datetime.now(UTC))):
            log.warning("%s", sentence)
        self._warned = True


def _renewed(kept: Kept, granted: Granted) -> Kept:
    """The refresh token that is to be used from now on; the same object where it was not replaced."""
    token = granted.refresh_token
    if not token or token.reveal() == kept.refresh_token.reveal():
        token = kept.refresh_token
    life = granted.refresh_life
    return replace(
        kept,
        refresh_token=token,
        renewed=kept.renewed if token is kept.refresh_token else granted.date,
        scope=granted.scope or kept.scope,
        ends=granted.date + timedelta(seconds=life) if life else kept.ends,
    )


def first_of_consent(config: Config, granted: Granted) -> Kept:
    """What to keep of a consent that was just given. Raises OAuthMisconfigured where no refresh token came."""
    if not granted.refresh_token:
        raise OAuthMisconfigured(
            "The provider gave an access token and no refresh token: the scope must ask for it (offline_access)."
        )
    life = granted.refresh_life
    return Kept(
        refresh_token=granted.refresh_token,
        client_id=config.oauth_client_id,
        token_url=provider_of(config).token_url,
        since=granted.date,
        renewed=granted.date,
        scope=granted.scope,
        ends=granted.date + timedelta(seconds=life) if life else None,
        seed=digest(config.oauth_refresh_token),
    )


def short_life(config: Config, kept: Kept, now: datetime) -> str:
    """A warning where a refresh token of Google may die within days; else ""."""
    if config.oauth_provider != "gmail":
        return ""
    if kept.ends:
        return f"Google ends this refresh token on {kept.ends:%d %B %Y}: is the app still in Testing? docs/gmail.md"
    if now - kept.since < TESTING:
        return (
            "This refresh token of Google is younger than 7 days: if the app is in Testing, it dies on "
            f"{kept.since + TESTING:%d %B %Y}. Publish the app (docs/gmail.md)."
        )
    return ""


def keep(config: Config, kept: Kept) -> None:
    """Put a new refresh token into the token file. Raises OAuthError."""
    path = Path(config.oauth_token_file)
    try:
        with token_file.alone(path, 2 * config.imap_timeout):
            token_file.write(path, kept)
    except OSError as error:
        raise OAuthError(f"{path} cannot be written ({error.strerror}): set OAUTH_TOKEN_FILE.") from None
