"""Access tokens for a mailbox at Google, Microsoft 365 or another provider (RFC 6749), and how one logs in with them."""

from __future__ import annotations

from crm_logger.oauth.errors import OAuthAway, OAuthError, OAuthMisconfigured, ReauthRequired
from crm_logger.oauth.tokens import AccessToken, Tokens

__all__ = [
    "AccessToken",
    "OAuthAway",
    "OAuthError",
    "OAuthMisconfigured",
    "ReauthRequired",
    "Tokens",
]
