"""The settings that reach the mailbox: its server, and the login by password or by OAuth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crm_logger import config_values as read
from crm_logger.config_entry import entry

if TYPE_CHECKING:
    from crm_logger.config_values import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginSettings:
    """The server of the shared mailbox, and how to log in there."""

    imap_host: str = field(
        metadata=entry(read.host, "", "The IMAP server of the shared mailbox.", need="imap")
    )
    imap_port: int = field(metadata=entry(read.port, "", "Its port; 993 for tls, else 143."))
    imap_security: str = field(
        metadata=entry(
            read.one_of("tls", "starttls", "plain"),
            "tls",
            "tls, starttls or plain; the server's certificate is always verified. plain is for loopback.",
        )
    )
    imap_user: str = field(metadata=entry(read.text, "", "The login of the shared mailbox.", need="imap"))
    imap_password: Secret = field(
        metadata=entry(read.secret, "", "Its password. Put it in single quotes.", need="imap", hidden=True)
    )
    imap_folder: str = field(metadata=entry(read.folder, "INBOX", "The folder that mail arrives in."))
    imap_timeout: float = field(
        metadata=entry(read.seconds, "30", "Seconds to wait for the server to connect and to answer.")
    )
    imap_auth: str = field(
        metadata=entry(
            read.one_of("password", "xoauth2", "oauthbearer"),
            "password",
            "password, or an OAuth token: xoauth2 (Gmail, Microsoft 365) or oauthbearer. OAuth needs no IMAP_PASSWORD.",
        )
    )
    oauth_provider: str = field(
        metadata=entry(
            read.one_of("gmail", "microsoft365", "custom"),
            "custom",
            "Who gives the tokens: gmail, microsoft365 or custom (then OAUTH_TOKEN_URL says where).",
        )
    )
    oauth_grant: str = field(
        metadata=entry(
            read.one_of("refresh", "client", "service-account"),
            "refresh",
            "By what: refresh (`crm-logger auth login`), client (credentials of the app), service-account (Google).",
        )
    )
    oauth_tenant: str = field(
        metadata=entry(read.tenant, "", "Microsoft 365: the directory (tenant) id, or a domain of it.")
    )
    oauth_client_id: str = field(metadata=entry(read.text, "", "The app's client id at the provider."))
    oauth_client_secret: Secret = field(
        metadata=entry(read.secret, "", "Its secret, where it has one.", hidden=True)
    )
    oauth_key_file: str = field(
        metadata=entry(
            read.text,
            "",
            "Instead of a secret: a PEM file with key and certificate, or Google's JSON file; needs the extra oauth.",
        )
    )
    oauth_refresh_token: Secret = field(
        metadata=entry(
            read.secret,
            "",
            "The first refresh token, where `crm-logger auth login` is not used.",
            hidden=True,
        )
    )
    oauth_token_file: str = field(
        metadata=entry(
            read.text, "oauth-token.json", "Where the refresh token is kept, and each that replaces it."
        )
    )
    oauth_scope: str = field(
        metadata=entry(read.text, "", "The scopes to ask for; empty: what IMAP needs at this provider.")
    )
    oauth_token_url: str = field(
        metadata=entry(read.web_address, "", "custom: the token endpoint; https, or http on this machine.")
    )
    oauth_login_url: str = field(
        metadata=entry(
            read.web_address, "", "custom: the page that asks for consent (authorization endpoint)."
        )
    )
    oauth_device_url: str = field(
        metadata=entry(read.web_address, "", "custom: the device authorization endpoint (RFC 8628).")
    )
