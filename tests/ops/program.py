"""The worker as a process: started with settings, read by its log, ended by signals."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Iterator, Mapping

    from crm_logger.config import Config

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, str(ROOT / "worker.py"))


def until(holds: Callable[[], bool], seconds: float = 20, told: Callable[[], str] = str) -> None:
    """Wait until `holds()` is true; fail after so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"it never came true\n{told()}"
        time.sleep(0.02)


class Program:
    """One running process of the program."""

    def __init__(
        self, settings: Mapping[str, str], log: Path, words: tuple[str, ...], env: dict[str, str]
    ) -> None:
        self._log = log
        sets = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [*PROGRAM, *sets, *words], stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=env or None
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def said(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def await_line(self, words: str, seconds: float = 20) -> None:
        """Wait until it has said these words."""
        until(lambda: words in self.said() or self._process.poll() is not None, seconds, told=self.said)
        assert words in self.said(), self.said()

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def end(self, seconds: float = 20) -> int:
        """Wait for its end; return its status."""
        return self._process.wait(seconds)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def running(
    config: Config, log: Path, *words: str, env: Mapping[str, str] | None = None, **settings: str
) -> Iterator[Program]:
    """A process with these settings of the tests; killed at the end, if it lives."""
    told = {
        "IMAP_HOST": config.imap_host,
        "IMAP_PORT": str(config.imap_port),
        "IMAP_SECURITY": config.imap_security,
        "IMAP_USER": config.imap_user,
        "IMAP_PASSWORD": config.imap_password.reveal(),
        "IMAP_TIMEOUT": "30",
        "LOG_DOMAIN": ",".join(config.log_domain),
        "BORDER_HOST": config.border_host,
        "DATABASE_URL": config.database_url,
        "FILING": config.filing,
        "POLL_INTERVAL": str(config.poll_interval),
    }
    program = Program(told | settings, log, words or ("run",), dict(env or {}))
    try:
        yield program
    finally:
        program.kill()
