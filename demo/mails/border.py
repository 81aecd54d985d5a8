"""What the receiving server writes on top of a mail: Postfix virtual(8) into one catch-all mailbox, as in docs/postfix-dovecot.md."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from demo.mails.mime import date_field

if TYPE_CHECKING:
    from datetime import datetime

LOG_DOMAIN = "log.acme.test"
BORDER_HOST = "mx.log.acme.test"
MAILBOX_ADDRESS = "catchall@log.acme.test"


def delivered(mail: bytes, recipient: str, at: datetime, *, sender: str, copy: int = 1) -> bytes:
    """The mail as it lies in the mailbox. `sender` is that of the envelope ("" for a bounce), `copy` tells deliveries apart."""
    host = f"mail.{sender.rpartition('@')[2] or 'acme.test'}"
    queue_id = hashlib.sha256(mail + bytes([copy])).hexdigest()[:11].upper()
    label = (
        f"Return-Path: <{sender}>\r\n"
        f"X-Original-To: {recipient}\r\n"
        f"Delivered-To: {MAILBOX_ADDRESS}\r\n"
        f"Received: from {host} ({host} [192.0.2.25])\r\n"
        f"\tby {BORDER_HOST} (Postfix) with ESMTPS id {queue_id}\r\n"
        f"\tfor <{recipient}>; {date_field(at)} (CET)\r\n"
    )
    return label.encode("ascii") + mail
