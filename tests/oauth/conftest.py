"""A provider on loopback, and settings that ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from crm_logger.config import Config, load_config
from tests.servers.tokens import REFRESH, Provider

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Settings(Protocol):
    """Settings for the provider, with a token file of the test's own."""

    def __call__(self, **more: str) -> Config: ...


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


@pytest.fixture
def settings(provider: Provider, tmp_path: Path) -> Settings:
    def read(**more: str) -> Config:
        told = {
            "IMAP_HOST": "127.0.0.1",
            "IMAP_USER": "crm",
            "IMAP_TIMEOUT": "5",
            "OAUTH_TOKEN_FILE": f"{tmp_path}/token.json",
            "OAUTH_REFRESH_TOKEN": REFRESH,
        }
        return load_config(told | provider.settings() | more, {}, need={"imap"})

    return read
