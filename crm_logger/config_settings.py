"""The settings: one table entry each. A field's name in capitals is the setting's."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from crm_logger import config_values as read
from crm_logger.config_entry import entry
from crm_logger.config_login import LoginSettings
from crm_logger.core.model import Limits, Policy

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(LoginSettings):
    """Every setting, checked. A field's name in capitals is the setting's.

    Where MAILBOXES names several, each has a Config of its own, whose `mailboxes` is its name alone.
    """

    mailboxes: tuple[str, ...] = field(
        metadata=entry(
            read.mailbox_names,
            "",
            "Several mailboxes: names apart by commas. NAME_IMAP_HOST, NAME_FILING … are then those of one of them.",
        )
    )
    log_domain: tuple[str, ...] = field(
        metadata=entry(
            read.domains, "", "The domain of the log addresses; several apart by commas.", need="log"
        )
    )
    mailbox_address: tuple[str, ...] = field(
        metadata=entry(
            read.addresses, "", "The shared mailbox's own addresses: never taken for a log address."
        )
    )
    border_host: str = field(
        metadata=entry(
            read.host, "", "The server that takes mail in from outside, as `by` in Received names it."
        )
    )
    envelope_header: str = field(
        metadata=entry(
            read.header_name, "", "The one header that holds the envelope recipient, where it is known."
        )
    )
    database_url: str = field(
        repr=False,
        metadata=entry(
            read.database_url, "sqlite:///crm-logger.sqlite3", "Where everything is kept.", hidden=True
        ),
    )
    poll_interval: float = field(
        metadata=entry(read.seconds, "60", "Seconds from one look at the mailbox to the next.")
    )
    filing: str = field(
        metadata=entry(
            read.one_of("leave", "move"), "leave", "leave mail where it is, or move it to the folders below."
        )
    )
    folder_logged: str = field(metadata=entry(read.folder, "Logged", "Where logged mail goes."))
    folder_not_logged: str = field(metadata=entry(read.folder, "Not logged", "Where refused mail goes."))
    folder_failed: str = field(
        metadata=entry(read.folder, "Failed", "Where mail goes that could not be taken in.")
    )
    plus_tag_domains: tuple[str, ...] = field(
        metadata=entry(read.domains, "", "Domains in which ann+tag@ is the same person as ann@.")
    )
    salvage_replies: bool = field(
        metadata=entry(
            read.yes_or_no, "no", "yes: a reply that is forwarded is logged as sent, instead of refused."
        )
    )
    max_attachment_mb: float = field(
        metadata=entry(read.megabytes, "50", "A larger attachment is left out; the mail is logged.")
    )
    max_body_mb: float = field(
        metadata=entry(read.megabytes, "2", "A longer body is cut; the mail is logged.")
    )
    max_mail_mb: float = field(
        metadata=entry(read.megabytes, "75", "Of a larger mail only parts are fetched.")
    )
    max_recipients: int = field(
        metadata=entry(read.whole, "200", "More recipients than this are not looked at.")
    )
    max_new_contacts: int = field(
        metadata=entry(read.whole, "50", "At most so many new contacts come of one mail.")
    )
    sender_auth: str = field(
        metadata=entry(
            read.one_of("auto", "require", "off"),
            "auto",
            "Is a sender proven? auto: refuse what is not, once AUTHSERV_ID is set; require: always; off: never.",
        )
    )
    authserv_id: str = field(
        metadata=entry(
            read.host,
            "",
            "The name our own server gives itself in Authentication-Results; needs BORDER_HOST.",
        )
    )
    sender_auth_mode: str = field(
        metadata=entry(
            read.one_of("standard", "below", "gmail", "m365"),
            "standard",
            "Where it writes that: above its Received (standard), or directly below, see SECURITY.md.",
        )
    )
    internal_senders: tuple[str, ...] = field(
        metadata=entry(
            read.senders,
            "",
            "Addresses and domains whose mail never leaves our own server: no proof is asked.",
        )
    )
    verify_dkim: bool = field(
        metadata=entry(
            read.yes_or_no, "no", "yes: also verify DKIM signatures here; needs DNS and the extra dkim."
        )
    )
    limit_mails_per_minute: int = field(
        metadata=entry(
            read.whole, "60", "More mails of one user or log address in a minute are too many; 0: no limit."
        )
    )
    limit_mails_per_day: int = field(
        metadata=entry(read.whole, "2000", "More in a day are too many; 0: no limit.")
    )
    limit_new_contacts_per_day: int = field(
        metadata=entry(
            read.whole, "500", "More people do not become contacts in a day; the mail is logged; 0: no limit."
        )
    )
    limit_action: str = field(
        metadata=entry(
            read.one_of("alarm", "defer"),
            "alarm",
            "Too many mails raise an alarm: alarm logs them all the same; defer holds them back for later.",
        )
    )
    imap_plain_anywhere: bool = field(
        metadata=entry(
            read.yes_or_no, "no", "yes: IMAP_SECURITY=plain also to other machines; the password can be read."
        )
    )
    rotation_grace_days: int = field(
        metadata=entry(read.whole, "30", "Days that a log address stays valid after it was rotated.")
    )
    min_free_mb: int = field(
        metadata=entry(
            read.whole,
            "200",
            "With less room on the database's disk no mail is fetched: it waits. 0: no limit.",
        )
    )
    min_free_percent: int = field(
        metadata=entry(read.percent, "1", "The same, as a share of the disk in percent.")
    )
    backup_dir: str = field(
        metadata=entry(
            read.text, "", "The folder for a backup every day, on another disk if possible; empty: none."
        )
    )
    backup_keep: int = field(
        metadata=entry(read.whole, "7", "So many of these backups are kept. 0: all of them.")
    )
    ping_url: str = field(
        repr=False,
        metadata=entry(
            read.web_address,
            "",
            "A dead-man's switch: this address is called after a finished poll, at most once a minute.",
            hidden=True,
        ),
    )
    web_host: str = field(
        metadata=entry(
            read.host,
            "127.0.0.1",
            "Where the pages listen. Other than loopback it needs a WEB_URL with https.",
        )
    )
    web_port: int = field(metadata=entry(read.port, "8025", "Their port."))
    web_url: str = field(
        metadata=entry(
            read.web_address,
            "",
            "Their address as browsers write it, behind a proxy: https://crm.example.com.",
        )
    )
    web_user_header: str = field(
        metadata=entry(
            read.header_name,
            "",
            "The header in which WEB_PROXY names who signed in there, by mail address; empty: nobody is believed.",
        )
    )
    web_proxy: str = field(
        metadata=entry(
            read.host, "", "The IP address of the proxy in front of the pages, the only one believed."
        )
    )
    web_metrics: bool = field(
        metadata=entry(
            read.yes_or_no,
            "no",
            "yes: /metrics counts for Prometheus, without names; needs the extra crm-logger[metrics].",
        )
    )
    log_level: str = field(
        metadata=entry(
            read.one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "DEBUG, INFO, WARNING or ERROR."
        )
    )
    log_format: str = field(
        metadata=entry(read.one_of("text", "json"), "text", "text or json, one line an event.")
    )

    @property
    def label(self) -> str:
        """The mailbox's name where MAILBOXES gives it one, else ""."""
        return self.mailboxes[0] if len(self.mailboxes) == 1 else ""

    @property
    def mailbox_name(self) -> str:
        """What the ledger calls the mailbox."""
        return f"{self.imap_user}@{self.imap_host.lower()}"

    @property
    def max_attachment_bytes(self) -> int:
        """MAX_ATTACHMENT_MB in bytes."""
        return int(self.max_attachment_mb * MEGABYTE)

    @property
    def max_mail_bytes(self) -> int:
        """MAX_MAIL_MB in bytes."""
        return int(self.max_mail_mb * MEGABYTE)

    @property
    def policy(self) -> Policy:
        """The settings that decide, as core knows them."""
        return Policy(
            log_domains=self.log_domain,
            mailbox_addresses=self.mailbox_address,
            border_host=self.border_host,
            envelope_header=self.envelope_header,
            plus_tag_domains=frozenset(self.plus_tag_domains),
            salvage_replies=self.salvage_replies,
            max_attachment_bytes=self.max_attachment_bytes,
            max_body_bytes=int(self.max_body_mb * MEGABYTE),
            max_recipients=self.max_recipients,
            max_new_contacts=self.max_new_contacts,
            sender_auth=self.sender_auth,
            sender_auth_mode=self.sender_auth_mode,
            authserv_id=self.authserv_id,
            internal_senders=self.internal_senders,
            verify_dkim=self.verify_dkim,
            limits=Limits(
                mails_a_minute=self.limit_mails_per_minute or None,
                mails_a_day=self.limit_mails_per_day or None,
                contacts_a_day=self.limit_new_contacts_per_day or None,
                hold=self.limit_action == "defer",
            ),
        )


OF_A_MAILBOX = frozenset({each.name.upper() for each in fields(LoginSettings)}) | {
    "MAILBOX_ADDRESS",
    "BORDER_HOST",
    "ENVELOPE_HEADER",
    "FILING",
    "FOLDER_LOGGED",
    "FOLDER_NOT_LOGGED",
    "FOLDER_FAILED",
    "MAX_MAIL_MB",
    "SENDER_AUTH",
    "SENDER_AUTH_MODE",
    "AUTHSERV_ID",
    "INTERNAL_SENDERS",
}
"""What each mailbox may have for itself: its server, and what is to be known of the servers before it."""
