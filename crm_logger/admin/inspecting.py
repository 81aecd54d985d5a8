"""`inspect`: what mails hold, without a mailbox, a database or a setting; thousands of files at full speed."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from crm_logger.admin import show
from crm_logger.core.inspection import inspect_message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MANY = 100  # below this, starting more processes takes longer than they save
_CHUNK = 16
_STDIN = "-"


class Answer(NamedTuple):
    """What is printed of one file, and whether it could be read."""

    text: str
    read: bool


@click.command
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object per line and per file, in the order given."
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path())
def inspect(*, as_json: bool, files: tuple[str, ...]) -> None:
    """Show what is found in each mail FILE ("-": standard input): who wrote the original, when, and what.

    Ends with status 1 where a file could not be read.
    """
    unread = 0
    answers = _answers(files, as_json=as_json)
    with click.progressbar(
        answers, length=len(files), label="Reading mails", file=sys.stderr, hidden=_hidden(files)
    ) as bar:
        for answer in bar:
            sys.stdout.write(answer.text + "\n")
            unread += not answer.read
    sys.stdout.flush()
    if unread:
        raise click.exceptions.Exit(1)


def _hidden(files: Sequence[str]) -> bool:
    """On a terminal the answers themselves show how far it is."""
    return len(files) < _MANY or sys.stdout.isatty() or not sys.stderr.isatty()


def _answers(files: Sequence[str], *, as_json: bool) -> Iterator[Answer]:
    answer = partial(inspect_file, as_json=as_json)
    workers = os.cpu_count() or 1
    if len(files) < _MANY or workers == 1 or _STDIN in files:
        yield from map(answer, files)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(answer, files, chunksize=_CHUNK)


def inspect_file(name: str, *, as_json: bool) -> Answer:
    """What is printed of one file; a file that cannot be read has an answer too."""
    try:
        raw = sys.stdin.buffer.read() if name == _STDIN else Path(name).read_bytes()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        return Answer(
            _written({"file": name, "error": f"The file cannot be read: {reason}."}, as_json=as_json),
            read=False,
        )
    return Answer(_written({"file": name, **_found(raw)}, as_json=as_json), read=True)


def _found(raw: bytes) -> dict[str, Any]:
    try:
        return inspect_message(raw)
    except Exception as bug:  # noqa: BLE001 -- one mail that hits a bug must not end a run over thousands
        return {"error": f"This mail cannot be inspected: {type(bug).__name__}: {bug}"}


def _written(found: dict[str, Any], *, as_json: bool) -> str:
    return json.dumps(found) if as_json else _readable(found)


def _readable(found: dict[str, Any]) -> str:
    if "kind" not in found:
        return f"{show.clean(found['file'])}\n  error     {show.clean(found['error'])}\n"
    lines = [show.clean(found["file"])]
    lines += [f"  {label:<9} {value}" for label, value in _labelled(found) if value]
    lines += [
        f"  perhaps   {show.person(who['name'], who['address'])}: {show.clean(who['why'])}"
        for who in found["candidates"]
    ]
    for label, text in (("message", found["message"]), ("body", found["body"])):
        lines += (
            [f"  {label}", *(f"  | {line}" for line in show.clean_lines(text).splitlines())] if text else []
        )
    return "\n".join([*lines, ""])


def _labelled(found: dict[str, Any]) -> list[tuple[str, str]]:
    what = f"a forward, confidence {found['confidence']:.2f}" if found["forwarded"] else "forwards nothing"
    several = len(found.get("originals", ()))
    sender = "uncertain" if found["from_address"] is None else found["from_address"]
    return [
        ("error", show.clean(found.get("error", ""))),
        ("kind", found["kind"] or "no log address"),
        ("is", what + (f", {several} originals" if several else "")),
        ("from", show.person(found["from_name"], sender)),
        ("to", _listed(found["to"])),
        ("cc", _listed(found["cc"])),
        ("subject", show.clean(found["subject"])),
        ("date", show.clean(found["date"]) + (f" = {found['date_iso']}" if found["date_iso"] else "")),
    ]


def _listed(people: list[dict[str, str]]) -> str:
    return ", ".join(show.person(who["name"], who["address"]) for who in people)
