"""The login with an access token (XOAUTH2, OAUTHBEARER), and what it means when a token is not given or not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_logger.mailbox.errors import (
    FAULTS,
    MailboxAway,
    MailboxError,
    MailboxMisconfigured,
    MailboxRefused,
    ReauthRequired,
    Why,
    login_error,
)
from crm_logger.oauth import OAuthAway, OAuthError, sasl
from crm_logger.oauth import ReauthRequired as ConsentRequired

if TYPE_CHECKING:
    from crm_logger.config import Config
    from crm_logger.oauth import AccessToken, Tokens


class TokenLogin:
    """One login. `token` is the one that was used, None where none was given."""

    def __init__(self, config: Config, tokens: Tokens) -> None:
        self._config = config
        self._tokens = tokens
        self._was_held = tokens.held
        self._challenge = b""
        self._asked = 0
        self.token: AccessToken | None = None

    def prepare(self) -> MailboxError | None:
        """Get a token; return what is wrong where there is none."""
        try:
            self.token = self._tokens.access()
        except OAuthError as trouble:
            return _meaning(trouble)
        return None

    def log_in(self, client: Any, server: str) -> MailboxError | None:
        """Log in with the token; return what is wrong. The error has neither cause nor context: they would hold the token."""
        mechanism = self._config.imap_auth.upper()
        try:
            if not client.has_capability(f"AUTH={mechanism}"):
                return MailboxMisconfigured(
                    f"{server} offers no {mechanism}: set IMAP_AUTH to what it offers, or IMAP_AUTH=password."
                )
            client.sasl_login(mechanism, self._respond)
        except FAULTS as error:
            return self._refused(error, server)
        return None

    def _respond(self, challenge: bytes) -> bytes:
        self._asked += 1
        if challenge or self._asked > 1:
            self._challenge = challenge
            return sasl.response_to_refusal(self._config.imap_auth)
        config, token = self._config, self.token.secret.reveal() if self.token else ""
        if config.imap_auth == "xoauth2":
            return sasl.xoauth2(config.imap_user, token)
        return sasl.oauthbearer(config.imap_user, token, config.imap_host, config.imap_port)

    def _refused(self, error: Exception, server: str) -> MailboxError:
        failure = login_error(error, self._config.imap_user, server)
        if not isinstance(failure, MailboxRefused):
            return failure
        # Whatever it was that the server does not like, the next try has a new token.
        self._tokens.expire()
        if self.token is self._was_held:
            return MailboxAway(
                f"{server} does not take the access token any more: the next login has a new one.",
                why=Why.TOKEN_EXPIRED,
            )
        said = str(error).replace(self.token.secret.reveal(), "***") if self.token else ""
        return MailboxRefused(
            f"{server} refuses the access token for {self._config.imap_user} ({said}): consent must be given as that mailbox "
            "(IMAP_USER) and for IMAP (OAUTH_SCOPE); an app of its own must have been given the right to the mailbox.",
            certain=failure.certain or bool(self._challenge),
        )


def _meaning(trouble: OAuthError) -> MailboxError:
    if isinstance(trouble, OAuthAway):
        return MailboxAway(str(trouble), trouble.retry_after)
    if isinstance(trouble, ConsentRequired):
        return ReauthRequired(str(trouble), certain=True)
    return MailboxMisconfigured(str(trouble))
