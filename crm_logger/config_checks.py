"""Settings that contradict each other, or that together would be unsafe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_logger.config_values import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def contradictions(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with the values together, a sentence each."""
    return [*_folder_contradictions(values), *_security_contradictions(values), *_web_contradictions(values)]


def _folder_contradictions(values: Mapping[str, Any]) -> list[str]:
    if values["filing"] != "move":
        return []
    names = ("folder_logged", "folder_not_logged", "folder_failed")
    return [
        f"{name.upper()} is the folder that is read (IMAP_FOLDER): filed mail would be taken in again"
        for name in names
        if values[name] == values["imap_folder"]
    ]


def _security_contradictions(values: Mapping[str, Any]) -> Iterator[str]:
    host, elsewhere = values["imap_host"], values["imap_plain_anywhere"]
    if values["imap_security"] == "plain" and host and not elsewhere and not is_loopback(host):
        yield (
            f"IMAP_SECURITY=plain would send the password to {host} for everybody on the way to read: use tls, "
            "or, if you must, set IMAP_PLAIN_ANYWHERE=yes"
        )
    knows = values["authserv_id"] or values["sender_auth_mode"] != "standard"
    if knows and not values["border_host"]:
        yield (
            "AUTHSERV_ID and SENDER_AUTH_MODE need BORDER_HOST: without it nobody can tell what our own server wrote; "
            "`crm-logger check` proposes it"
        )
    if values["sender_auth_mode"] == "below" and not values["authserv_id"]:
        yield "SENDER_AUTH_MODE=below needs AUTHSERV_ID: the name our own server gives itself"


def _web_contradictions(values: Mapping[str, Any]) -> Iterator[str]:
    if not is_loopback(values["web_host"]) and not values["web_url"].lower().startswith("https://"):
        yield (
            f"WEB_HOST={values['web_host']} would show the pages to the network without encryption: put a proxy with TLS in "
            "front of them and set WEB_URL=https://…"
        )
    if values["web_user_header"] and not values["web_proxy"]:
        yield "WEB_USER_HEADER needs WEB_PROXY: anybody else could write that header, too"
