"""How full the mailbox is: a full one takes no more mail, which its senders notice and we do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm_logger.alarms import AlarmKind

if TYPE_CHECKING:
    from crm_logger.alarms import Alarming
    from crm_logger.mailbox import Mailbox

FULL: Final = 0.8


def watch_fullness(mailbox: Mailbox, alarms: Alarming) -> None:
    """Raise or clear the alarm, by what the server tells of its quota (RFC 2087); most servers tell nothing."""
    for each in mailbox.quotas():
        if each.used >= FULL * each.limit:
            percent = 100 * each.used // each.limit
            alarms.sound(
                AlarmKind.MAILBOX_FULL,
                f"{mailbox.folder} is full to {percent} % ({each.resource}): delete filed mail, or have the quota raised.",
            )
            return
    alarms.clear(AlarmKind.MAILBOX_FULL)
