"""Header fields that are for machines: a client shows them where its user has all headers shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_logger.core.forward.lines import Lines

_FIELD = re.compile(
    r"(?:return-path|received(?:-spf)?|delivered-to|delivery-date|envelope-to|message-id|in-reply-to|references|mime-version|user-agent|precedence"
    r"|auto-submitted|accept-language|authentication-results|dkim-signature|errors-to|thread-(?:topic|index)|content-[a-z-]{3,30}|feedback-id|status"
    r"|(?:x|arc|list)-[a-z-]{1,60}):",
    re.IGNORECASE,
)
_MOST_FOLDED = 40


def behind_technical(lines: Lines, index: int) -> int:
    """The line behind the field that begins here and the lines that it is folded to; this line where it is none."""
    if index >= len(lines) or not _FIELD.match(lines.rich[index]):
        return index
    end, depth = index + 1, lines.depth[index]
    stop = min(len(lines), end + _MOST_FOLDED)
    while end < stop and lines.said[end] and lines.kept[end][:1] in {" ", "\t"} and lines.depth[end] == depth:
        end += 1
    return end
