"""A logged mail as JSON, the same wherever one is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_logger.admin import show
from crm_logger.core.model import Role

if TYPE_CHECKING:
    from crm_logger.store.timeline import Line


def record_of(line: Line) -> dict[str, Any]:
    """Return the mail; times as ISO 8601 in UTC."""
    return {
        "id": line.engagement,
        "direction": line.direction,
        "sent_at": show.utc(line.sent_at),
        "received_at": show.utc(line.received_at),
        "date": line.date,
        "subject": line.subject,
        "message_id": line.message_id,
        "from": {"name": line.author_name, "address": line.author_address},
        **{
            role.value: [
                {"name": each.name, "address": each.address}
                for each in line.participants
                if each.role is role
            ]
            for role in (Role.TO, Role.CC, Role.BCC)
        },
        "text": line.text,
        "html": line.html,
        "captured": [
            {
                "receipt": each.receipt,
                "user": each.user,
                "kind": each.kind,
                "at": show.utc(each.at),
                "forwarded_at": show.utc(each.forwarded_at),
                "note": each.note,
            }
            for each in line.captured
        ],
        "attachments": [
            {
                "name": each.name,
                "content_type": each.content_type,
                "size": each.size,
                "inline": each.inline,
                "left_out": each.left_out,
            }
            for each in line.attachments
        ],
        "flags": list(line.flags),
    }
