"""Mails enclosed in a mail that is logged: files to keep, where they are not themselves what is logged (R5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .body import clean_filename
from .mail import Attachment
from .words import Flag

if TYPE_CHECKING:
    from .mail import Forward, Message, Original


def with_enclosed(original: Original, mail: Message, limit: int) -> Original:
    """Return the original with the mails that are enclosed in `mail` among its attachments; one over `limit` bytes is left out."""
    if not mail.attached:
        return original
    files = tuple(_file(each, limit) for each in mail.attached)
    left_out = {Flag.ATTACHMENT_LEFT_OUT} if any(file.content is None for file in files) else set()
    return replace(original, attachments=original.attachments + files, flags=original.flags | left_out)


def with_all_enclosed(forward: Forward, message: Message, limit: int) -> tuple[Original, ...]:
    """Return the originals of a forward with what each encloses; one in the body has what the forward itself encloses."""
    whole = forward.shape == "attachment"
    mails = message.attached if whole else (message,) * len(forward.originals)
    return tuple(with_enclosed(*pair, limit) for pair in zip(forward.originals, mails, strict=True))


def _file(mail: Message, limit: int) -> Attachment:
    size = len(mail.source)
    return Attachment(
        name=clean_filename(f"{mail.subject or 'mail'}.eml".replace("/", "-").replace("\\", "-")),
        content_type="message/rfc822",
        size=size,
        content=bytes(mail.source) if size <= limit else None,
    )
