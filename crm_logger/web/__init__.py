"""The pages: timelines, settings, what was not logged, and how things stand. The only user of Flask, waitress and nh3."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Flask

from crm_logger.web import (
    access,
    contacts,
    headers,
    machine,
    mails,
    mending,
    not_logged,
    settings,
    sign_in,
    status,
    words,
)
from crm_logger.web.proxy import BehindProxy
from crm_logger.web.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_logger.config import Config
    from crm_logger.store import Store

__all__ = ["Site", "create_app"]

FORM_BYTES = 256 * 1024
"""No form here is larger; nothing is uploaded."""


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    config: Config,
    store: Store,
    *,
    mailboxes: Sequence[Config] = (),
    now: Callable[[], datetime] = _now,
) -> Flask:
    """The pages of one database as a WSGI application; `now` tells the time (aware)."""
    app = Flask(__name__)
    app.extensions["crm_logger"] = Site(config, store, now, mailboxes)
    app.config["MAX_CONTENT_LENGTH"] = FORM_BYTES
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    words.teach(app)
    headers.put_on(app)
    access.guard(app)
    for part in (sign_in, contacts, mails, settings, not_logged, mending, status, machine):
        app.register_blueprint(part.pages)
    app.wsgi_app = BehindProxy(app.wsgi_app, config.web_proxy)  # type: ignore[method-assign]  # Flask's own way to wrap
    return app
