"""What a command works with: the settings and the database, each opened when it is first asked for."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crm_logger.config import Config, Need
    from crm_logger.core.model import Directory
    from crm_logger.store import Store

DEFAULT_FILE = Path("config.env")


class Setup:
    """The settings named on the command line, and what follows from them."""

    def __init__(self, config_file: Path | None, settings: Mapping[str, str]) -> None:
        self.file = config_file or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
        self._settings = settings

    def config(self, *need: Need) -> Config:
        """Every setting; `need` says which ones cannot be missing. Raises ConfigProblems."""
        # Imported on first use: `inspect` and --help answer without it.
        from crm_logger.config import load_config  # noqa: PLC0415 -- see above

        return load_config(self._settings, os.environ, self.file, need=need)

    def mailboxes(self, *need: Need) -> tuple[Config, ...]:
        """The settings of each mailbox; one where MAILBOXES names none. Raises ConfigProblems."""
        from crm_logger.config import load_mailboxes  # noqa: PLC0415 -- on first use, as above

        return load_mailboxes(self._settings, os.environ, self.file, need=need)

    def mailbox(self, name: str | None, *need: Need) -> Config:
        """The settings of the mailbox of that name; None means the only one. Raises ConfigProblems and RequestError."""
        from crm_logger.store.people import RequestError  # noqa: PLC0415 -- on first use, as above

        found = {each.label: each for each in self.mailboxes(*need)}
        if name is None and len(found) == 1:
            return next(iter(found.values()))
        if name is None or name.lower() not in found:
            names = ", ".join(filter(None, found)) or "only one, without a name"
            raise RequestError(f"Say which mailbox with --mailbox. There are: {names}.")
        return found[name.lower()]

    @cached_property
    def store(self) -> Store:
        """The database, made and brought up to date where it has to be. Raises StoreError."""
        from crm_logger.store import Store  # noqa: PLC0415 -- on first use, as above

        return Store.open(self.config().database_url, self.now)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All questions within see the same state of the database."""
        with self.store.reading():
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All changes within become true together, or none does."""
        with self.store.writing():
            yield

    def directory(self) -> Directory:
        """The snapshot that decisions depend on, read within the transaction that asks for it."""
        from crm_logger.store.directory import read_directory  # noqa: PLC0415 -- on first use, as above

        return read_directory(self.config().policy)

    def close(self) -> None:
        """Close the database, where it was opened."""
        if "store" in self.__dict__:
            self.store.close()

    @cached_property
    def now(self) -> datetime:
        """The time of this command, the same wherever it looks."""
        return datetime.now(UTC)
