"""What every page works with: the settings, the database, the clock, and whoever looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app, g

from crm_logger.web.taking import Taker
from crm_logger.web.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from crm_logger.config import Config
    from crm_logger.core.model import Directory
    from crm_logger.store import Store
    from crm_logger.store.sign_in import Visitor


class Site:
    """One installation, as its pages see it. `now` tells the time (aware)."""

    def __init__(
        self,
        config: Config,
        store: Store,
        now: Callable[[], datetime],
        mailboxes: Sequence[Config] = (),
    ) -> None:
        self.config = config
        self.mailboxes = tuple(mailboxes) or (config,)
        self.store = store
        self.now = now
        self.throttle = Throttle()
        self.taker = Taker(self)

    @property
    def secure(self) -> bool:
        """Whether browsers come over TLS."""
        return self.config.web_url.lower().startswith("https://")

    def reading(self) -> AbstractContextManager[None]:
        """All questions within see the same state of the database."""
        return self.store.reading()

    def writing(self) -> AbstractContextManager[None]:
        """All changes within become true together, or none does."""
        return self.store.writing()

    def directory(self) -> Directory:
        """The snapshot that decisions depend on."""
        return self.store.load_directory(self.config.policy)


def site() -> Site:
    """The installation whose page is asked for."""
    return cast("Site", current_app.extensions["crm_logger"])


def visitor() -> Visitor:
    """Whoever is signed in; asked only where somebody is."""
    return cast("Visitor", g.visitor)
