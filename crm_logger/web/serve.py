"""Serves the pages with waitress, and keeps the search index filled meanwhile."""

from __future__ import annotations

import errno
import logging
import signal
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import TYPE_CHECKING

import waitress

from crm_logger.systemd import notify
from crm_logger.web import create_app
from crm_logger.web.keeper import Keeper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crm_logger.config import Config
    from crm_logger.store import Store

log = logging.getLogger("crm_logger.web")

THREADS = 8


def serve(
    config: Config,
    store: Store,
    mailboxes: Sequence[Config] = (),
    *,
    started: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve until a signal comes; `started` is called with the address once the port is open. OSError where it is taken, or the host unknown."""
    app = create_app(config, store, mailboxes=mailboxes)
    try:
        server = waitress.create_server(
            app,
            host=config.web_host,
            port=config.web_port,
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=False,  # proxy.py tells whose are believed
            max_request_body_size=1024 * 1024,
        )
    except ValueError as error:  # what waitress says of a host that it cannot find
        raise OSError(errno.EADDRNOTAVAIL, "there is no such host") from error
    address = config.web_url or f"http://{_written(config.web_host)}:{config.web_port}/"
    keeper = Keeper(app.extensions["crm_logger"])
    with keeper.working(), _ended_by_signals():
        started(address)
        notify("READY=1")
        try:
            server.run()
        except (KeyboardInterrupt, SystemExit):
            log.info("the pages are closed")
        finally:
            server.close()


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """systemd ends a service with SIGTERM; waitress knows SIGINT alone."""
    if current_thread() is not main_thread():
        yield
        return

    def end(*_: object) -> None:
        raise SystemExit

    former = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
