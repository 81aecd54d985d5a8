"""Settings that contradict each other, or that together would be unsafe."""

from __future__ import annotations

import importlib.util
from itertools import permutations
from typing import TYPE_CHECKING, Any

from crm_logger.config_values import is_loopback, is_safe_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crm_logger.config import Config


def contradictions(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with the values together, a sentence each."""
    return [
        *_folder_contradictions(values),
        *_database_contradictions(values),
        *_security_contradictions(values),
        *_oauth_contradictions(values),
        *_web_contradictions(values),
    ]


def between(mailboxes: Sequence[Config]) -> Iterator[str]:
    """What is wrong with several mailboxes together, a sentence each."""
    folders: dict[tuple[str, str], str] = {}
    token_files: dict[str, str] = {}
    for each in mailboxes:
        first = folders.setdefault((each.mailbox_name, each.imap_folder), each.label)
        if first != each.label:
            yield f"mailbox {each.label}: is the same folder of the same mailbox as {first}"
        if each.imap_auth == "password" or each.oauth_grant != "refresh":
            continue
        first = token_files.setdefault(each.oauth_token_file, each.label)
        if first != each.label:
            own = f"{each.label.upper()}_OAUTH_TOKEN_FILE"
            yield f"mailbox {each.label}: keeps its token in the same file as {first}: set {own}"
    yield from _read_again(mailboxes)


def _read_again(mailboxes: Sequence[Config]) -> Iterator[str]:
    """What one of them files, another of the same mailbox must not read."""
    for each, other in permutations(mailboxes, 2):
        filed = (each.folder_logged, each.folder_not_logged, each.folder_failed)
        same = each.mailbox_name == other.mailbox_name
        if same and each.filing == "move" and other.imap_folder in filed:
            yield (
                f"mailbox {other.label}: reads {other.imap_folder}, the folder that {each.label} files mail in: "
                "it would be taken in again"
            )


def not_needed(values: Mapping[str, Any]) -> frozenset[str]:
    """Settings that are else required, and that these values make superfluous."""
    return frozenset() if values["imap_auth"] == "password" else frozenset({"IMAP_PASSWORD"})


def _folder_contradictions(values: Mapping[str, Any]) -> list[str]:
    if values["filing"] != "move":
        return []
    names = ("folder_logged", "folder_not_logged", "folder_failed")
    return [
        f"{name.upper()} is the folder that is read (IMAP_FOLDER): filed mail would be taken in again"
        for name in names
        if values[name] == values["imap_folder"]
    ]


def _database_contradictions(values: Mapping[str, Any]) -> Iterator[str]:
    if values["backup_dir"] and not values["database_url"].startswith("sqlite:"):
        yield "BACKUP_DIR is for a database in a file: a server's is backed up there, with pg_dump (docs/operating.md)"


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
    if values["verify_dkim"] and not importlib.util.find_spec("dkim"):
        yield "VERIFY_DKIM=yes needs the extra dkim: pip install 'crm-logger[dkim]'"
    if values["sender_auth_mode"] == "below" and not values["authserv_id"]:
        yield "SENDER_AUTH_MODE=below needs AUTHSERV_ID: the name our own server gives itself"


def _oauth_contradictions(values: Mapping[str, Any]) -> Iterator[str]:
    if values["imap_auth"] == "password":
        return
    provider, grant = values["oauth_provider"], values["oauth_grant"]
    if not values["oauth_client_id"] and grant != "service-account":
        yield f"IMAP_AUTH={values['imap_auth']} needs OAUTH_CLIENT_ID: the id of the app that is registered at the provider"
    if provider == "custom" and not values["oauth_token_url"]:
        yield "OAUTH_PROVIDER=custom needs OAUTH_TOKEN_URL; for Google and Microsoft set OAUTH_PROVIDER=gmail or microsoft365"
    if provider == "microsoft365" and not values["oauth_tenant"]:
        yield "OAUTH_PROVIDER=microsoft365 needs OAUTH_TENANT: the directory (tenant) id"
    for name in ("oauth_token_url", "oauth_login_url", "oauth_device_url"):
        if not is_safe_address(values[name]):
            yield f"{name.upper()} must be https: a token that goes over http can be read by everybody on the way"
    yield from _grant_contradictions(provider, grant, values)


def _grant_contradictions(provider: str, grant: str, values: Mapping[str, Any]) -> Iterator[str]:
    if (provider, grant) == ("gmail", "client"):
        yield "OAUTH_GRANT=client opens no mailbox at Google: take refresh or service-account"
    if (provider, grant) == ("microsoft365", "service-account"):
        yield "OAUTH_GRANT=service-account is Google's: at Microsoft 365 take client or refresh"
    if grant == "client" and not (values["oauth_client_secret"] or values["oauth_key_file"]):
        yield "OAUTH_GRANT=client needs OAUTH_CLIENT_SECRET, or OAUTH_KEY_FILE with a key and its certificate"
    if grant == "service-account" and not values["oauth_key_file"]:
        yield "OAUTH_GRANT=service-account needs OAUTH_KEY_FILE: the JSON file of the service account"


def _web_contradictions(values: Mapping[str, Any]) -> Iterator[str]:
    if not is_loopback(values["web_host"]) and not values["web_url"].lower().startswith("https://"):
        yield (
            f"WEB_HOST={values['web_host']} would show the pages to the network without encryption: put a proxy with TLS in "
            "front of them and set WEB_URL=https://…"
        )
    if values["web_user_header"] and not values["web_proxy"]:
        yield "WEB_USER_HEADER needs WEB_PROXY: anybody else could write that header, too"
