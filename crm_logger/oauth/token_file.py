"""The file that keeps the refresh token: for its owner alone, replaced as a whole, written by one process at a time."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_logger.config_values import Secret
from crm_logger.oauth.errors import LOGIN, OAuthAway, OAuthMisconfigured

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A refresh token. `since` is the consent, `renewed` when the provider last replaced it, `ends` when it dies, if told.

    `client_id` and `token_url` are what it was given for; `seed` is the digest of the OAUTH_REFRESH_TOKEN it began with.
    """

    refresh_token: Secret
    client_id: str
    token_url: str
    since: datetime
    renewed: datetime
    scope: str = ""
    ends: datetime | None = None
    seed: str = ""


def digest(secret: Secret) -> str:
    """What tells one secret from another without telling it; "" of none."""
    return hashlib.sha256(secret.reveal().encode()).hexdigest() if secret else ""


def read(path: Path) -> Kept | None:
    """What the file holds, None where there is none. Raises OAuthMisconfigured."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise OAuthMisconfigured(
                    f"{path} holds a refresh token and others can get at it (mode {mode:03o}): chmod 600 {path}."
                )
            return _kept(json.load(file))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OAuthMisconfigured(
            f"{path} cannot be read ({error.strerror}): it belongs to the service's user."
        ) from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # Without context: it would quote the file.
        raise OAuthMisconfigured(f"{path} holds no refresh token: {LOGIN}.") from None


def _kept(told: Any) -> Kept:
    ends = told.get("ends")
    token = told["refresh_token"]
    if not isinstance(token, str) or not token:
        raise ValueError
    return Kept(
        refresh_token=Secret(token),
        client_id=str(told["client_id"]),
        token_url=str(told["token_url"]),
        since=datetime.fromisoformat(told["since"]).astimezone(UTC),
        renewed=datetime.fromisoformat(told["renewed"]).astimezone(UTC),
        scope=str(told.get("scope", "")),
        ends=datetime.fromisoformat(ends).astimezone(UTC) if ends else None,
        seed=str(told.get("seed", "")),
    )


def write(path: Path, kept: Kept) -> None:
    """Put it in the place of what was there, with mode 600; never half of it. Raises OSError."""
    told = {
        "refresh_token": kept.refresh_token.reveal(),
        "client_id": kept.client_id,
        "token_url": kept.token_url,
        "since": kept.since.isoformat(timespec="seconds"),
        "renewed": kept.renewed.isoformat(timespec="seconds"),
        "scope": kept.scope,
        "ends": kept.ends.isoformat(timespec="seconds") if kept.ends else None,
        "seed": kept.seed,
    }
    # mkstemp makes it with mode 600.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        _hand_over(descriptor, path)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 -- it is open already
            json.dump(told, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    _sync_folder(path.parent)


def _hand_over(descriptor: int, path: Path) -> None:
    """What root writes belongs to whom the file belonged to, or its folder: the service must be able to read it."""
    if os.geteuid() == 0:
        owner = (path if path.exists() else path.parent).stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def alone(path: Path, seconds: float) -> Iterator[None]:
    """Keep other processes from using the token meanwhile: a provider may take each refresh token only once.

    In a folder that cannot be written to nothing is kept from anybody. Raises OAuthAway after so many seconds.
    """
    try:
        descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
    except OSError:
        yield
        return
    try:
        _hand_over(descriptor, path)
        end = time.monotonic() + seconds
        while not _locked(descriptor):
            if time.monotonic() >= end:
                raise OAuthAway(f"{path} is in use by another process for {seconds:.0f} s.")
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
