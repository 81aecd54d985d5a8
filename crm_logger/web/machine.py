"""What other programs ask: whether all is well, and counts for Prometheus. Neither tells a name or an address."""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, jsonify

from crm_logger.core.model import Outcome
from crm_logger.store import StoreError, alarms, receipts, standing
from crm_logger.web.site import site

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Blueprint("machine", __name__)

_POLLS = 5
_AT_LEAST = timedelta(minutes=5)


@pages.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 where the database answers and the worker looked lately; 503 with what is wrong."""
    try:
        with site().reading():
            last = standing.last_sign()
    except StoreError:
        return jsonify(status="database away"), 503
    patience = max(_AT_LEAST, _POLLS * timedelta(seconds=site().config.poll_interval))
    if last is None or last + patience < site().now():
        return jsonify(status="worker silent"), 503
    return jsonify(status="ok")


@pages.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Counts of the whole installation in the text format of Prometheus."""
    if not site().config.web_metrics:
        abort(404)
    try:
        client = importlib.import_module("prometheus_client")
    except ImportError:
        return Response("install crm-logger[metrics]\n", 501, content_type="text/plain")
    with site().reading():
        counts, waiting = receipts.counts(), receipts.waiting()
        last, open_alarms = standing.last_sign(), alarms.alarms()
    registry = client.CollectorRegistry()
    decided = client.Gauge(
        "crm_logger_decisions", "Decisions about mails", ["outcome", "reason"], registry=registry
    )
    for outcome in Outcome:
        decided.labels(outcome, "any").set(sum(each.count for each in counts if each.outcome is outcome))
    for each in counts:
        decided.labels(each.outcome, each.reason).set(each.count)
    client.Gauge("crm_logger_waiting_mails", "Mails that wait", registry=registry).set(len(waiting))
    client.Gauge("crm_logger_open_alarms", "Alarms that nobody cleared", registry=registry).set(
        len(open_alarms)
    )
    seen = client.Gauge(
        "crm_logger_last_sign_timestamp_seconds", "When the worker last did something", registry=registry
    )
    seen.set(last.timestamp() if last else 0)
    return Response(client.generate_latest(registry), content_type=client.CONTENT_TYPE_LATEST)
