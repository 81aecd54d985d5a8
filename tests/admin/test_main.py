"""The command line as such: help, wrong input, settings."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from crm_logger.admin import _COMMANDS, main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Desk


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


PROGRAM = (sys.executable, str(Path(__file__).parents[2] / "worker.py"))
ALL = dict(commands(main))


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_tells_what_it_does(desk: Desk, words: tuple[str, ...]) -> None:
    assert "Usage:" in desk.ok(*words, "--help")
    assert ALL[words].get_short_help_str()


LISTS = [
    words for words in ALL if words[-1] in {"list", "addresses", "contacts", "timeline", "receipts", "status"}
]


@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_everything_that_lists_speaks_json(words: tuple[str, ...]) -> None:
    assert any("--json" in parameter.opts for parameter in ALL[words].params)


def test_help_names_every_command(desk: Desk) -> None:
    shown = desk.ok("--help")
    assert all(f"\n  {name} " in shown for name in _COMMANDS)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("retyr",), "Did you mean 'retry'?"),
        (("user", "ad"), "Did you mean"),
        (("receipts", "--reason", "nope"), "is not one of"),
        (("receipts", "--limit", "0"), "range"),
        (("receipts", "--limit", str(2**63)), "range"),
        (("contacts", "--limit", str(2**63)), "range"),
        (("timeline",), "Missing argument"),
        (("explain", "x"), "not a valid integer"),
        (("--set", "IMAP_HOST", "status"), "is not NAME=VALUE"),
    ],
)
def test_wrong_words_are_answered_with_a_sentence_and_status_2(
    desk: Desk, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in desk.refused(*words, status=2)


def test_no_words_mean_run(desk: Desk) -> None:
    assert desk.refused(status=78, IMAP_HOST="") == desk.refused("run", status=78, IMAP_HOST="")


def test_wrong_settings_are_all_told_with_status_78(desk: Desk) -> None:
    desk.folder.joinpath("config.env").write_text("IMAP_HOTS=x\nPOLL_INTERVAL=soon\nIMAP_PASSWORD='hidden\n")
    told = desk.refused("status", status=78)
    assert "config.env:1: unknown setting IMAP_HOTS, did you mean IMAP_HOST?" in told
    assert "config.env:2: POLL_INTERVAL='soon'" in told
    assert "config.env:3:" in told
    assert "hidden" not in told


def test_a_settings_file_that_is_not_there_is_said(desk: Desk) -> None:
    assert "gone.env: cannot be read" in desk.refused("--config", "gone.env", "status", status=78)


def test_a_settings_file_can_be_named_and_the_command_line_comes_first(desk: Desk) -> None:
    file = desk.folder / "other.env"
    file.write_text("IMAP_FOLDER=Elsewhere\nIMAP_USER=file\n")
    told = desk.ok("--config", str(file), "--set", "IMAP_USER=typed", "status")
    assert "typed on 127.0.0.1, folder Elsewhere" in told


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.sqlite3", "mysql://x"])
def test_a_database_that_cannot_be_used_is_said_with_status_78(desk: Desk, url: str) -> None:
    assert desk.refused("status", status=78, DATABASE_URL=url)


def test_a_host_that_nothing_can_listen_on_is_said(desk: Desk) -> None:
    told = desk.refused("web", status=1, WEB_HOST="fe80::1%nowhere", WEB_URL="https://crm.acme.test")
    assert "change WEB_HOST" in told


def test_an_interrupt_is_quiet(desk: Desk) -> None:
    with subprocess.Popen(
        [*PROGRAM, "inspect", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=desk.folder
    ) as running:
        assert running.stdin
        assert running.stderr
        # More than a pipe holds: when it is written, the command is reading; soon it waits for the rest.
        running.stdin.write(b"line\n" * 200_000)
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        running.wait(10)
        assert (running.returncode, running.stderr.read()) == (130, b"")


def test_a_reader_that_leaves_early_is_no_error(desk: Desk) -> None:
    desk.folder.joinpath("a.eml").write_bytes(b"Subject: x\r\n\r\n" + b"line\r\n" * 20_000)
    with subprocess.Popen(
        [*PROGRAM, "inspect", "--json", *["a.eml"] * 20],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=desk.folder,
    ) as running:
        assert running.stdout
        assert running.stderr
        assert running.stdout.read(9) == b'{"file": '
        running.stdout.close()
        assert running.stderr.read() == b""
