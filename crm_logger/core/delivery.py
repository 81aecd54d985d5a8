"""Whom a mail was delivered to: the log addresses that our own servers wrote on top of it (R25)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from crm_logger.core.address import canonical, log_address_parts, parse_addresses
from crm_logger.core.headers import parse_header_date, strip_comments
from crm_logger.core.model import Delivery, Kind, Message, Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

# What servers call the envelope recipient, the most telling first.
ENVELOPE_HEADERS: Final = (
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Delivered-To",
    "X-Gm-Original-To",
    "X-RCPT-TO",
    "Delivered-To",
    "X-Forwarded-To",
)
_RECEIVED: Final = "received"
_WRITTEN_BY_SENDER: Final = ("To", "Cc", "Bcc", "Resent-To")
_MAX_HOPS: Final = 100
_NOWHERE: Final = Delivery("", ())
_ENCLOSING: Final = "<>;,"

Field = tuple[str, str]


class Received(NamedTuple):
    """A trace field (RFC 5321 §4.4): the host that wrote it, whom it took the mail for, and when; "" where not said."""

    by: str
    protocol: str
    recipient: str
    date: str


def find_delivery(message: Message, policy: Policy) -> Delivery:
    """The header that says whom the mail was delivered to, and the log addresses it names, canonical, each once.

    Nothing found is Delivery("", ()). `below_border` marks an answer from below the zone that our servers are known
    to write, which is read only where BORDER_HOST is not set. A pinned ENVELOPE_HEADER, which may be `Received`, is
    the only one that counts, and only inside that zone where a border is set.
    """
    zone, below = zones(message.headers, policy.border_host)
    names = (policy.envelope_header,) if policy.envelope_header else (*ENVELOPE_HEADERS, "Received")
    found = _first_named(zone, names, policy)
    if not found.addresses and not policy.envelope_header:
        found = _first_named(message.headers, _WRITTEN_BY_SENDER, policy, together=True)
    if found.addresses or policy.border_host:
        return found
    return _below(below, names, policy)


def arrival_time(message: Message, policy: Policy) -> datetime | None:
    """When the border host took the mail in (the topmost host where no border is set); aware, None where unreadable."""
    zone, _ = zones(message.headers, policy.border_host)
    if not zone or zone[-1][0].lower() != _RECEIVED:
        return None
    wall = parse_header_date(read_received(zone[-1][1]).date).wall
    return wall if wall and wall.tzinfo else None


# ---------------------------------------------------------------- the zone


@lru_cache(maxsize=2)
def zones(headers: tuple[Field, ...], border_host: str) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """The fields down to and including the border's topmost Received, which our own servers wrote, and the rest.

    Without a border the first Received ends the zone. A border that is not found has written nothing.
    Several questions about one mail begin here, so the answer is kept.
    """
    hops = [index for index, (name, _) in enumerate(headers) if name.lower() == _RECEIVED]
    if not border_host:
        end = hops[0] + 1 if hops else len(headers)
        return headers[:end], headers[end:]
    trace = ((hop + 1, read_received(headers[hop][1])) for hop in hops)
    end, topmost = next((each for each in trace if _is_border(each[1].by, border_host)), (0, None))
    if topmost and topmost.protocol.startswith("lmtp"):
        end = _end_of_the_server_before(trace, border_host) or end
    return headers[:end], headers[end:]


def _end_of_the_server_before(trace: Iterator[tuple[int, Received]], border_host: str) -> int:
    """Where the zone ends if the border's topmost Received is but its hand-over to its own mail store, else 0.

    LMTP (RFC 2033) is spoken behind a mail server only, and that server writes a Received first: the next one.
    """
    end, before = next(trace, (0, None))
    return end if before and _is_border(before.by, border_host) else 0


def _is_border(host: str, border_host: str) -> bool:
    """Whether the host is the border; a setting that starts with a dot or "*." names every host of that domain."""
    border = border_host.strip().lower().rstrip(".").removeprefix("*")
    return bool(host) and (host.endswith(border) if border.startswith(".") else host == border)


def read_received(value: str) -> Received:
    """The clauses of a Received field that matter. What the sending host said of itself ("from …") is skipped."""
    return _received(value[:4096])


@lru_cache(maxsize=256)
def _received(value: str) -> Received:
    clauses, _, date = strip_comments(value).rpartition(";")
    words = (clauses or date).split()
    said = 2 if words[:1] and words[0].lower() == "from" else 0
    lower = [word.lower() for word in words]
    by = _position(lower, "by", said)
    protocol, recipient = _position(lower, "with", by), _position(lower, "for", by)
    return Received(
        by=lower[by].rstrip(".;") if by < len(lower) else "",
        protocol=lower[protocol] if protocol < len(lower) else "",
        recipient=words[recipient].strip(_ENCLOSING) if recipient < len(words) else "",
        date=date.strip(),
    )


def _position(words: list[str], clause: str, start: int) -> int:
    """Where the word behind a clause's name stands, past the end where there is none."""
    return words.index(clause, start) + 1 if clause in words[start:] else len(words)


# ---------------------------------------------------------------- the addresses


def _first_named(
    headers: Sequence[Field], names: Iterable[str], policy: Policy, *, together: bool = False
) -> Delivery:
    """The first of the names under which a log address stands; `together` asks for the addresses under all of them."""
    chosen: list[str] = []
    addresses: list[str] = []
    values: dict[str, list[str]] = {}
    for key, value in headers:
        values.setdefault(key.lower(), []).append(value)
    for name in names:
        named = [
            address
            for value in values.get(name.lower(), ())
            for address in _log_addresses(name, value, policy)
        ]
        if named:
            chosen.append(name)
            addresses += named
        if named and not together:
            break
    return Delivery(chosen[0], tuple(dict.fromkeys(addresses))) if chosen else _NOWHERE


def _below(headers: Sequence[Field], names: tuple[str, ...], policy: Policy) -> Delivery:
    """What stands below the zone, hop by hop: the higher a field stands, the later and nearer to us it was written."""
    hops = [index + 1 for index, (name, _) in enumerate(headers) if name.lower() == _RECEIVED][:_MAX_HOPS]
    for start, end in zip([0, *hops], [*hops, len(headers)], strict=True):
        found = _first_named(headers[start:end], names, policy)
        if found.addresses:
            return replace(found, below_border=True)
    return _NOWHERE


def _log_addresses(name: str, value: str, policy: Policy) -> list[str]:
    """The log addresses of one field; the mailbox's own address and foreign domains are no answer."""
    if not any(f"{kind}-" in value.lower() for kind in Kind):
        return []
    named = (
        [read_received(value).recipient]
        if name.lower() == _RECEIVED
        else [each.address for each in parse_addresses(value)]
    )
    own = {canonical(address) for address in policy.mailbox_addresses}
    return [
        address
        for address in filter(None, map(canonical, named))
        if address not in own and log_address_parts(address, policy.log_domains)
    ]


# ---------------------------------------------------------------- what `check` proposes


def proposals(messages: Iterable[Message], policy: Policy) -> tuple[str | None, str | None]:
    """The BORDER_HOST and the ENVELOPE_HEADER that fit the mails of the mailbox; None where they do not tell.

    The border is the host that most often wrote the topmost Received for a log address; failing that, the topmost
    Received at all. A header is proposed if it named the address in every mail that the zone names one in.
    """
    mails = list(messages)
    for_us, topmost = Counter[str](), Counter[str]()
    for mail in mails:
        trace = [read_received(value) for value in mail.all("Received")]
        for_us.update(
            [each.by for each in trace if each.by and log_address_parts(each.recipient, policy.log_domains)][
                :1
            ]
        )
        topmost.update([each.by for each in trace if each.by][:1])
    votes = for_us or topmost
    border = votes.most_common(1)[0][0] if votes else None
    asked = replace(policy, border_host=border or "", envelope_header="")
    headers = {_in_zone(mail, asked) for mail in mails} - {""}
    return border, headers.pop() if len(headers) == 1 and headers != {"Received"} else None


def _in_zone(mail: Message, policy: Policy) -> str:
    found = _first_named(zones(mail.headers, policy.border_host)[0], (*ENVELOPE_HEADERS, "Received"), policy)
    return found.header
