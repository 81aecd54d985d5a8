"""`make demo`: Acme's week of mail through the real worker, from an IMAP server inside this process to two timelines."""

from __future__ import annotations

import argparse
import io
import os
import secrets
import socket
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from crm_logger.core.model import Outcome
from demo import screen
from demo.cast import ANN, CARL, GRETA
from demo.imap_server import EmbeddedImapServer
from demo.stage import LOGIN, ZONE, Failed, Stage, forget_own_settings
from demo.story import week

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_logger.store.receipts import Decided
    from demo.scene import Scene

OPENING = """\
Ann and Fay sell espresso machines at Acme. They put one secret address on Bcc of what they write,
and forward what they receive to another. All of that lands in one shared mailbox: here on an IMAP
server inside this process. Nothing leaves this machine."""

NEXT_STEPS = """\
1. make install; install -m 600 config.example.env config.env    then fill in the mailbox
2. .venv/bin/crm-logger check                                    what works, what to mend
3. .venv/bin/crm-logger account add NAME                         prints the two log addresses
4. .venv/bin/crm-logger user add ann@acme.example --name Ann     who may log
5. make run                                                      or deploy/crm-logger.service

README.md says more about each. What this demo made is still there to look around in:

.venv/bin/crm-logger --config {file} explain 20"""


def main() -> int:
    """Tell the whole story; the status is 0 where each mail came to what the story says."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=Path("demo-data"), help="where settings and database go"
    )
    folder = parser.parse_args().folder
    forget_own_settings()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without ✓ shows a question mark
    os.environ["TZ"] = ZONE
    time.tzset()
    try:
        return play(Stage(folder))
    except Failed as end:
        screen.complaint(str(end))
        return 1
    except BrokenPipeError:  # whoever read the output, such as head(1), has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def play(stage: Stage) -> int:
    """Set the stage, deliver the week, let the worker look once, and show what is there then."""
    screen.heading("crm-logger: a week of mail")
    screen.say(screen.indented(OPENING))
    password = secrets.token_urlsafe(16)
    with EmbeddedImapServer({LOGIN: password}) as server:
        stage.write_settings(server.port, password)
        scenes = week(stage.add_people())
        delivered = {server.append(scene.raw, received_at=scene.arrived): scene for scene in scenes}
        show_addresses(stage)
        began = time.monotonic()
        stage.run("run", "--once")
        seconds = time.monotonic() - began
        decided = stage.decisions()
        wrong = show_week(delivered, decided, seconds)
        show_timelines(stage)
        show_not_logged(decided)
        show_next_steps(stage)
        if is_to_serve(os.environ, terminal=sys.stdout.isatty()):
            serve_pages(stage)
    return report(wrong)


def is_to_serve(environ: Mapping[str, str], *, terminal: bool) -> bool:
    """On a terminal somebody is there to look at pages; DEMO_SERVE=1 or 0 says it in any case."""
    return environ.get("DEMO_SERVE", "1" if terminal else "0") == "1"


def serve_pages(stage: Stage) -> None:
    """Serve the pages, with the mailbox still there, until somebody ends it."""
    port = str(free_port())
    link = stage.run("--set", f"WEB_PORT={port}", "web-link", ANN.address, "--admin", "--minutes", "480")
    screen.heading("The same as pages")
    screen.say(f"  Open this once to be signed in as Ann, an admin; Ctrl-C ends the demo:\n\n  {link}")
    stage.run("--set", f"WEB_PORT={port}", "--set", "LOG_LEVEL=ERROR", "web")


def free_port(wanted: int = 8025) -> int:
    """The port that the pages have by default, or any that is free."""
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind(("127.0.0.1", wanted))
        except OSError:
            asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def show_addresses(stage: Stage) -> None:
    """The account's log addresses."""
    screen.heading("Acme's log addresses: one for Bcc, one for forwards")
    screen.command("addresses", stage.run("addresses"))


def show_week(delivered: Mapping[int, Scene], decided: Mapping[int, Decided], seconds: float) -> list[str]:
    """Every mail with its reason; gives what is not as the story says."""
    screen.heading(
        f"One look of the worker: {len(delivered)} mails lay in the shared mailbox ({seconds:.1f} s)"
    )
    for uid, scene in delivered.items():
        if found := decided.get(uid):
            screen.scene_line(scene, found.reason, found.flags)
    counts = Counter(each.reason.outcome for each in decided.values())
    logged, refused, failed = (counts[outcome] for outcome in Outcome)
    screen.say(f"\n  {logged} logged, {refused} not logged, {failed} failed")
    told = (difference(scene, decided.get(uid)) for uid, scene in delivered.items())
    return [line for line in told if line]


def difference(scene: Scene, found: Decided | None) -> str:
    """What became of a mail and what the story says, where that is not the same; else nothing."""
    if found is None:
        return f"{scene.title}: there is no receipt"
    if found.reason is scene.reason and (scene.flag is None or scene.flag in found.flags):
        return ""
    expected = f"{scene.reason}, {scene.flag}" if scene.flag else scene.reason
    return (
        f"{scene.title}: {', '.join((found.reason, *found.flags))}; the story says {expected}. {found.detail}"
    )


def show_timelines(stage: Stage) -> None:
    """Two contacts, newest mail first."""
    screen.heading("Two timelines")
    for contact, limit in ((CARL, "6"), (GRETA, "20")):
        words = ("timeline", contact.address, "--limit", limit)
        screen.command(" ".join(words), stage.run(*words))
        screen.say()


def show_not_logged(decided: Mapping[int, Decided]) -> None:
    """The table of what was not logged and why."""
    screen.heading("What was not logged, and why")
    refused = (each for each in decided.values() if each.reason.outcome is not Outcome.LOGGED)
    screen.refusals(sorted(refused, key=lambda each: each.receipt))
    screen.say(
        "\n  crm-logger explain ID tells everything about one of them, docs/reasons.md what to do about each."
    )


def show_next_steps(stage: Stage) -> None:
    """The way to a real mailbox."""
    screen.heading("Now with a real mailbox")
    screen.say(screen.indented(NEXT_STEPS.format(file=shortest(stage.config_file))))


def shortest(path: Path) -> Path:
    """The path as one would type it here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def report(wrong: list[str]) -> int:
    """The status; says what was not as the story tells it."""
    if not wrong:
        return 0
    screen.complaint("\nThis is not what the story says:")
    for line in wrong:
        screen.complaint(f"  {line}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
