"""The refresh token: kept for the next start, used by one process at a time, and told of when it is missing."""

from __future__ import annotations

import errno
import json
import os
import threading
import traceback
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crm_logger.oauth import OAuthAway, OAuthError, OAuthMisconfigured, ReauthRequired, Tokens, token_file

if TYPE_CHECKING:
    from pathlib import Path

    from tests.oauth.conftest import Settings
    from tests.servers.tokens import Provider


def told_of(path: Path) -> dict[str, Any]:
    told = json.loads(path.read_text())
    assert isinstance(told, dict)
    return told


def test_a_refresh_token_that_is_replaced_is_kept_for_the_next_start(
    provider: Provider, settings: Settings, tmp_path: Path
) -> None:
    provider.rotates = True
    tokens = Tokens(settings())
    for _ in range(3):
        tokens.access()
        tokens.expire()
    Tokens(settings()).access()
    assert len(set(provider.asked("refresh_token"))) == 4
    assert told_of(tmp_path / "token.json")["refresh_token"] in provider.refresh_tokens
    assert (tmp_path / "token.json").stat().st_mode & 0o777 == 0o600
    assert {each.name for each in tmp_path.iterdir()} == {"token.json", "token.json.lock"}


def test_a_new_refresh_token_in_the_settings_comes_before_an_old_one_in_the_file(
    provider: Provider, settings: Settings
) -> None:
    provider.rotates = True
    Tokens(settings()).access()
    provider.refresh_tokens.add("another")
    Tokens(settings(OAUTH_REFRESH_TOKEN="another")).access()
    assert provider.asked("refresh_token")[-1] == "another"


def test_two_processes_do_not_use_one_refresh_token_twice(provider: Provider, settings: Settings) -> None:
    provider.rotates = True
    Tokens(settings()).access()
    failed: list[OAuthError] = []

    def use() -> None:
        try:
            for _ in range(5):
                Tokens(settings()).access()
        except OAuthError as trouble:
            failed.append(trouble)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(set(provider.asked("refresh_token"))) == 21


def test_where_the_file_cannot_be_written_the_new_token_is_used_and_a_warning_is_given(
    provider: Provider, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    provider.rotates = True
    tokens = Tokens(settings(OAUTH_TOKEN_FILE=f"{tmp_path}/nowhere/token.json"))
    tokens.access()
    tokens.expire()
    tokens.access()
    assert "cannot be kept" in caplog.text
    assert provider.refresh_tokens.isdisjoint(caplog.text.split())


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        ("not JSON", 0o600, "holds no refresh token"),
        ("[1]", 0o600, "holds no refresh token"),
        ("{}", 0o600, "holds no refresh token"),
        ('{"refresh_token": "s3cret", "client_id": 1}', 0o600, "holds no refresh token"),
        ("[" * 100_000, 0o600, "holds no refresh token"),
        ("{}", 0o640, "chmod 600"),
        ("{}", 0o604, "chmod 600"),
    ],
)
def test_a_token_file_that_cannot_be_used_is_told(
    settings: Settings, tmp_path: Path, content: str, mode: int, said: str
) -> None:
    (tmp_path / "token.json").write_text(content)
    (tmp_path / "token.json").chmod(mode)
    with pytest.raises(OAuthMisconfigured, match=said) as caught:
        Tokens(settings()).access()
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


def test_without_any_refresh_token_somebody_has_to_sign_in(settings: Settings) -> None:
    with pytest.raises(ReauthRequired, match="crm-logger auth login"):
        Tokens(settings(OAUTH_REFRESH_TOKEN="")).access()


def test_a_refresh_token_of_another_app_is_not_sent_to_this_one(
    provider: Provider, settings: Settings
) -> None:
    provider.rotates = True
    Tokens(settings()).access()
    with pytest.raises(ReauthRequired, match="another app"):
        Tokens(settings(OAUTH_REFRESH_TOKEN="", OAUTH_CLIENT_ID="another")).access()
    assert len(provider.forms) == 1


def test_google_is_warned_about_while_the_app_may_be_in_testing(
    provider: Provider, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    google = settings(OAUTH_PROVIDER="gmail")
    tokens = Tokens(google)
    tokens.access()
    assert "younger than 7 days" in caplog.text
    assert "scope" not in provider.forms[0]
    caplog.clear()
    provider.more["refresh_token_expires_in"] = 604799
    tokens.expire()
    tokens.access()
    assert caplog.text == ""
    Tokens(settings(OAUTH_PROVIDER="gmail", OAUTH_TOKEN_FILE=google.oauth_token_file + "2")).access()
    assert (
        f"ends this refresh token on {datetime.now(UTC) + timedelta(seconds=604799):%d %B %Y}" in caplog.text
    )


def test_a_token_file_that_another_process_keeps_is_waited_for_and_then_told(
    settings: Settings, tmp_path: Path
) -> None:
    with (
        token_file.alone(tmp_path / "token.json", 1),
        pytest.raises(OAuthAway, match="in use by another process"),
    ):
        Tokens(settings(IMAP_TIMEOUT="0.1")).access()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_root_writes_belongs_to_the_service(settings: Settings, tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    Tokens(settings()).access()
    assert {each.stat().st_uid for each in tmp_path.iterdir()} == {65534}


def test_a_file_that_cannot_be_replaced_is_left_as_it_was(
    provider: Provider, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    provider.rotates = True
    tokens = Tokens(settings())
    tokens.access()
    before = (tmp_path / "token.json").read_bytes()
    tokens.expire()
    with monkeypatch.context() as patched:
        patched.setattr("crm_logger.oauth.token_file.os.fsync", full)
        tokens.access()
    assert (tmp_path / "token.json").read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"token.json", "token.json.lock"}
    tokens.expire()
    tokens.access()
    assert told_of(tmp_path / "token.json")["refresh_token"] in provider.refresh_tokens
