"""A database with Acme, its users and its log addresses, as the commands make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crm_logger.config import Config, load_config
from crm_logger.core.model import Kind
from crm_logger.store import Store
from crm_logger.store.log_addresses import mint
from crm_logger.store.people import add_account, add_user

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SETTINGS = {
    "IMAP_HOST": "127.0.0.1",
    "IMAP_USER": "catchall",
    "IMAP_PASSWORD": "secret",
    "IMAP_SECURITY": "plain",
    "LOG_DOMAIN": "log.example",
    "MAILBOX_ADDRESS": "catchall@log.example",
    "BORDER_HOST": "mx.log.example",
}


@dataclass
class Office:
    """Acme with Ann and Bob: its store, its settings, its two log addresses."""

    store: Store
    config: Config
    bcc: str
    forwarding: str


def open_office(folder: Path, **settings: str) -> Office:
    """Make a new database in the folder; `settings` come on top of the usual ones."""
    told = SETTINGS | {"DATABASE_URL": f"sqlite:///{folder}/crm.sqlite3"} | settings
    config = load_config(told, {}, None)
    store = Store.open(config.database_url, NOW)
    with store.writing():
        account = add_account("Acme").id
        add_user(config.policy, account, "ann@acme.test", "Ann Archer")
        add_user(config.policy, account, "bob@acme.test", "Bob Baker", sales_access=False)
        minted = {each.kind: f"{each.local_part}@log.example" for each in mint(account, NOW)}
    return Office(store, config, minted[Kind.BCC], minted[Kind.FORWARD])
