"""What goes wrong with tokens, as three errors that say what to do. None quotes a secret."""

from __future__ import annotations

LOGIN = "run `crm-logger auth login`"


class OAuthError(Exception):
    """Something is wrong with the tokens; str() is a sentence that says what to do."""


class OAuthAway(OAuthError):  # noqa: N818 -- it says what the provider is
    """The provider cannot be reached or answers nothing of use just now. `retry_after` in seconds, where it was told."""

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class ReauthRequired(OAuthError):  # noqa: N818 -- it says what is required
    """Somebody has to give consent again: there is no refresh token, or it is dead."""


class OAuthMisconfigured(OAuthError):  # noqa: N818 -- it says what the settings are
    """The settings, the app at the provider or a file must be changed before a token is given."""
