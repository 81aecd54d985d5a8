"""Settings: where they come from, what is said about broken ones, and that no secret is shown."""

from __future__ import annotations

import os
import re
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm_logger.config import Config, ConfigProblems, Secret, example, load_config
from crm_logger.core.model import Limits, Policy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from crm_logger.config import Need

ROOT = Path(__file__).parent.parent
PASSWORD = "hunter2-correct-horse"


def load(
    text: str = "",
    overrides: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    folder: Path,
    need: Collection[Need] = (),
) -> Config:
    """Settings from a config.env with this text."""
    env_file = folder / "config.env"
    env_file.write_text(text)
    env_file.chmod(0o600)
    return load_config(overrides or {}, environ or {}, env_file, need=need)


def problems(text: str = "", *, folder: Path, need: Collection[Need] = (), **environ: str) -> list[str]:
    """What is wrong with such a config.env, its folder left out."""
    with pytest.raises(ConfigProblems) as caught:
        load(text, environ=environ, folder=folder, need=need)
    assert PASSWORD not in str(caught.value)
    return [problem.replace(f"{folder}/", "") for problem in caught.value.problems]


# ---------------------------------------------------------------- where a value comes from


def test_without_anything_every_setting_has_its_default() -> None:
    config = load_config({}, {})
    assert (config.imap_folder, config.imap_port, config.imap_timeout) == ("INBOX", 993, 30.0)
    assert (config.filing, config.folder_not_logged) == ("leave", "Not logged")
    assert config.database_url == "sqlite:///crm-logger.sqlite3"
    assert config.policy == Policy(limits=Limits(60, 2000, 500))


def test_the_command_line_comes_before_the_environment_before_the_file(tmp_path: Path) -> None:
    text = "IMAP_USER=file\nIMAP_HOST=file.test\nBORDER_HOST=mx.file.test\n"
    environ = {"IMAP_USER": "environment", "IMAP_HOST": "environment.test"}
    config = load(text, {"IMAP_USER": "command line"}, environ, folder=tmp_path)
    assert (config.imap_user, config.imap_host, config.border_host) == (
        "command line",
        "environment.test",
        "mx.file.test",
    )


def test_a_blank_value_counts_as_not_written_there(tmp_path: Path) -> None:
    config = load(
        "IMAP_FOLDER=\nPOLL_INTERVAL=5\n", {"POLL_INTERVAL": ""}, {"POLL_INTERVAL": ""}, folder=tmp_path
    )
    assert (config.imap_folder, config.poll_interval) == ("INBOX", 5.0)


def test_the_port_follows_the_security_unless_it_is_set() -> None:
    assert load_config({"IMAP_SECURITY": "starttls"}, {}).imap_port == 143
    assert load_config({"IMAP_SECURITY": "PLAIN", "IMAP_PORT": "1143"}, {}).imap_port == 1143


@pytest.mark.row(88)
def test_a_password_is_taken_as_it_is_written_in_single_quotes(tmp_path: Path) -> None:
    config = load("IMAP_PASSWORD='a${HOME}b #cd$1 '\n", folder=tmp_path)
    assert config.imap_password.reveal() == "a${HOME}b #cd$1 "


@pytest.mark.parametrize(
    ("setting", "written", "value"),
    [
        ("log_domain", "CRM.example.com, @log.example.org", ("crm.example.com", "log.example.org")),
        ("mailbox_address", "CRM@Example.com", ("crm@example.com",)),
        ("plus_tag_domains", "a.test b.test", ("a.test", "b.test")),
        ("salvage_replies", "YES", True),
        ("envelope_header", "X-Original-To:", "X-Original-To"),
        ("imap_host", "::1", "::1"),
        ("imap_timeout", "2.5", 2.5),
        ("log_level", "debug", "DEBUG"),
        ("max_recipients", "10", 10),
    ],
)
def test_a_value_is_read_as_what_it_means(setting: str, written: str, value: object) -> None:
    assert getattr(load_config({setting.upper(): written}, {}), setting) == value


def test_core_gets_its_policy_in_its_own_units() -> None:
    config = load_config({"MAX_BODY_MB": "0.5", "MAX_ATTACHMENT_MB": "1", "PLUS_TAG_DOMAINS": "a.test"}, {})
    assert config.policy.max_body_bytes == 512 * 1024
    assert config.policy.max_attachment_bytes == config.max_attachment_bytes == 1024 * 1024
    assert config.policy.plus_tag_domains == frozenset({"a.test"})
    assert config.max_mail_bytes == 75 * 1024 * 1024


# ---------------------------------------------------------------- secrets


def test_a_secret_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(PASSWORD + "\n")
    (tmp_path / "password").chmod(0o600)
    in_file = load(f"IMAP_PASSWORD_FILE={tmp_path}/password\n", folder=tmp_path)
    in_environment = load(environ={"IMAP_PASSWORD_FILE": f"{tmp_path}/password"}, folder=tmp_path)
    assert in_file.imap_password.reveal() == in_environment.imap_password.reveal() == PASSWORD


@pytest.mark.row(88)
@pytest.mark.parametrize("name", ["IMAP_PASSWORD", "imap_password"])
def test_a_secret_may_be_a_systemd_credential(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(PASSWORD)
    config = load(
        "IMAP_PASSWORD=of the file\n", environ={"CREDENTIALS_DIRECTORY": str(tmp_path)}, folder=tmp_path
    )
    assert config.imap_password.reveal() == PASSWORD


def test_the_environment_comes_before_a_credential(tmp_path: Path) -> None:
    (tmp_path / "IMAP_PASSWORD").write_text("of the credential")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path), "IMAP_PASSWORD": PASSWORD}
    assert load(environ=environ, folder=tmp_path).imap_password.reveal() == PASSWORD


def test_a_secret_is_not_shown_by_repr_str_or_a_traceback() -> None:
    config = load_config(
        {"IMAP_PASSWORD": PASSWORD, "DATABASE_URL": f"postgresql://crm:{PASSWORD}@db/crm"}, {}
    )
    shown = [repr(config), str(config), repr(config.imap_password), f"{config.imap_password}"]
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError(config)
    shown += traceback.format_exception(caught.value)
    assert not [text for text in shown if PASSWORD in text]
    assert config.imap_password
    assert not Secret("")


@pytest.mark.parametrize(
    "text",
    [
        f"IMAP_PASSWORD={PASSWORD} #and more\n",
        f"IMAP_PASSWORD='{PASSWORD}\n",
        f'IMAP_PASSWORD="{PASSWORD}\\nmore"\n',
        f"{PASSWORD}\n",
        f"IMAP_PASSWORD={PASSWORD}\nIMAP_PASSWORD={PASSWORD}\n",
        f"IMAP_PASSWORD={PASSWORD}\nIMAP_PASSWORD_FILE=/nowhere\n",
        f"DATABASE_URL={PASSWORD}\n",
    ],
)
def test_no_problem_tells_a_secret(tmp_path: Path, text: str) -> None:
    assert problems(text, folder=tmp_path)


# ---------------------------------------------------------------- what is wrong


def test_every_problem_is_told_at_once_with_its_place_and_the_likely_name(tmp_path: Path) -> None:
    text = "\n# the mailbox\n\nIMAP_HOTS=mail.test\n  IMAP_PORT=99999\nPOLL_INTERVAL\nFILING=mvoe\n"
    with pytest.raises(ConfigProblems) as caught:
        load(text, {"LOG_LEVL": "DEBUG"}, {"IMAP_TIMEOUT": "soon", "UNRELATED": "x"}, folder=tmp_path)
    assert [problem.replace(f"{tmp_path}/", "") for problem in caught.value.problems] == [
        "--set: unknown setting LOG_LEVL, did you mean LOG_LEVEL?",
        "config.env:4: unknown setting IMAP_HOTS, did you mean IMAP_HOST?",
        "config.env:6: expected NAME=value (a value with quotes or blanks goes in single quotes)",
        "config.env:5: IMAP_PORT='99999' is no port (1 to 65535)",
        "environment: IMAP_TIMEOUT='soon' is no number",
        "config.env:7: FILING='mvoe' is none of leave, move",
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("IMAP_HOST=imaps://mail.test", "is no host name"),
        ("IMAP_HOST=mail.test:993", "is no host name"),
        ("IMAP_PORT=imap", "is no whole number"),
        ("IMAP_TIMEOUT=0", "is no time in seconds"),
        ("MAX_MAIL_MB=1e9", "is no number"),
        ("MAX_MAIL_MB=99999", "is no size"),
        ("SALVAGE_REPLIES=perhaps", "is neither yes nor no"),
        ("LOG_DOMAIN=crm@example.com", "is no domain"),
        ("MAILBOX_ADDRESS=example.com", "is no address"),
        ("ENVELOPE_HEADER='X Original To'", "is no name of a header field"),
        ('IMAP_USER="a\\nb"', "holds a line break"),
        ("DATABASE_URL=crm.sqlite3", "is no database URL"),
        ("NOTHING_LIKE_IT_AT_ALL=1", "unknown setting NOTHING_LIKE_IT_AT_ALL"),
        ("IMAP_HOST=a.test\nIMAP_HOST=b.test", "config.env:2: IMAP_HOST is set twice, first at config.env:1"),
        ("IMAP_PASSWORD=a #b", "config.env:1: IMAP_PASSWORD is cut at ' #'"),
        (
            "IMAP_PASSWORD_FILE=/nowhere/at/all",
            "config.env:1: IMAP_PASSWORD_FILE: cannot be read (No such file",
        ),
        ("IMAP_PASSWORD_FILE=/dev/null", "config.env:1: IMAP_PASSWORD_FILE: the file is empty"),
        ("FILING=move\nFOLDER_LOGGED=INBOX", "FOLDER_LOGGED is the folder that is read"),
    ],
)
def test_a_broken_line_is_told_in_one_sentence(tmp_path: Path, line: str, problem: str) -> None:
    (told,) = problems(line + "\n", folder=tmp_path)
    assert problem in told


def test_what_a_command_needs_is_missing_only_where_it_is_needed(tmp_path: Path) -> None:
    assert load(folder=tmp_path).imap_host == ""
    told = problems(folder=tmp_path, need={"imap", "log"})
    assert [problem.split()[0] for problem in told] == [
        "IMAP_HOST",
        "IMAP_USER",
        "IMAP_PASSWORD",
        "LOG_DOMAIN",
    ]
    assert (
        "IMAP_PASSWORD is missing: set it in config.env or in the environment, or IMAP_PASSWORD_FILE"
        in told[2]
    )


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ConfigProblems, match=r"nowhere\.env: cannot be read"):
        load_config({}, {}, tmp_path / "nowhere.env")
    (tmp_path / "latin1.env").write_bytes(b"IMAP_USER=J\xfcrgen\n")
    with pytest.raises(ConfigProblems, match="is not UTF-8"):
        load_config({}, {}, tmp_path / "latin1.env")


# ---------------------------------------------------------------- the documented example


def test_the_example_is_complete_and_up_to_date() -> None:
    assert (ROOT / "config.example.env").read_text() == example(), (
        "python -m crm_logger.config > config.example.env"
    )


def test_the_example_says_what_the_defaults_are(tmp_path: Path) -> None:
    settings = re.findall(r"^#?([A-Z_]+=.*)$", example(), re.MULTILINE)
    assert len(settings) == len(fields(Config))
    written, default = load("\n".join(settings), folder=tmp_path), load_config({}, {})
    for entry in fields(Config):
        if entry.type != "Secret":
            assert getattr(written, entry.name) == getattr(default, entry.name)


# ---------------------------------------------------------------- what would be unsafe


@pytest.mark.parametrize(("mode", "accepted"), [(0o600, True), (0o640, True), (0o644, False), (0o602, False)])
def test_a_file_with_a_secret_is_for_its_owner_and_group(tmp_path: Path, mode: int, accepted: bool) -> None:  # noqa: FBT001 -- a table's column
    env_file = tmp_path / "config.env"
    env_file.write_text(f"IMAP_PASSWORD='{PASSWORD}'\n")
    env_file.chmod(mode)
    if accepted:
        assert load_config({}, {}, env_file).imap_password.reveal() == PASSWORD
        return
    with pytest.raises(ConfigProblems) as caught:
        load_config({}, {}, env_file)
    (problem,) = caught.value.problems
    assert f"chmod 600 {env_file}" in problem
    assert PASSWORD not in problem


@pytest.mark.parametrize(
    ("mode", "accepted"), [(0o400, True), (0o440, True), (0o640, True), (0o644, False), (0o401, False)]
)
def test_a_secret_in_a_file_of_its_own_is_for_its_owner_and_group(
    tmp_path: Path,
    mode: int,
    accepted: bool,  # noqa: FBT001 -- a table's column
) -> None:
    """systemd hands a credential over with 400 or 440, in a folder of the service's own."""
    named = tmp_path / "password"
    named.write_text(PASSWORD)
    named.chmod(mode)
    settings = {"IMAP_PASSWORD_FILE": str(named)}
    if accepted:
        assert load_config({}, settings).imap_password.reveal() == PASSWORD
        return
    with pytest.raises(ConfigProblems) as caught:
        load_config({}, settings)
    (problem,) = caught.value.problems
    assert f"{named}: holds IMAP_PASSWORD and everybody on this machine can get at it" in problem
    assert PASSWORD not in problem


def test_a_secret_may_come_through_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o666)
    (tmp_path / "pipe").chmod(0o666)
    with ThreadPoolExecutor(1) as other:
        other.submit((tmp_path / "pipe").write_text, PASSWORD)
        config = load_config({}, {"IMAP_PASSWORD_FILE": str(tmp_path / "pipe")})
    assert config.imap_password.reveal() == PASSWORD


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("IMAP_USER=crm\nDATABASE_URL=sqlite:///crm.sqlite3\n", True),
        ("DATABASE_URL=postgresql://crm:hunter2@db.test/crm\n", False),
    ],
)
def test_a_file_without_a_secret_may_be_read_by_all(tmp_path: Path, text: str, accepted: bool) -> None:  # noqa: FBT001 -- a table's column
    env_file = tmp_path / "config.env"
    env_file.write_text(text)
    env_file.chmod(0o644)
    if accepted:
        load_config({}, {}, env_file)
    else:
        with pytest.raises(ConfigProblems, match="holds DATABASE_URL"):
            load_config({}, {}, env_file)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"IMAP_SECURITY": "plain", "IMAP_HOST": "mail.test"}, "IMAP_PLAIN_ANYWHERE=yes"),
        ({"IMAP_SECURITY": "plain", "IMAP_HOST": "mail.test", "IMAP_PLAIN_ANYWHERE": "yes"}, ""),
        ({"IMAP_SECURITY": "plain", "IMAP_HOST": "127.0.0.1"}, ""),
        ({"IMAP_SECURITY": "plain", "IMAP_HOST": "localhost"}, ""),
        ({"IMAP_SECURITY": "plain", "IMAP_HOST": "127.0.0.1.evil.example"}, "IMAP_PLAIN_ANYWHERE=yes"),
        ({"AUTHSERV_ID": "mx.log.example"}, "need BORDER_HOST"),
        ({"SENDER_AUTH_MODE": "gmail"}, "need BORDER_HOST"),
        ({"SENDER_AUTH_MODE": "below", "BORDER_HOST": "mx.log.example"}, "needs AUTHSERV_ID"),
        ({"AUTHSERV_ID": "mx.log.example", "BORDER_HOST": "mx.log.example"}, ""),
        ({"INTERNAL_SENDERS": "acme.test, ann@acme.test, =b.test"}, ""),
        ({"INTERNAL_SENDERS": "acme"}, "neither an address nor a domain"),
        ({"WEB_HOST": "0.0.0.0"}, "WEB_URL=https"),
        ({"WEB_HOST": "0.0.0.0", "WEB_URL": "http://crm.test"}, "WEB_URL=https"),
        ({"WEB_HOST": "0.0.0.0", "WEB_URL": "https://crm.test"}, ""),
        ({"WEB_HOST": "::1"}, ""),
        ({"WEB_USER_HEADER": "X-Remote-User"}, "needs WEB_PROXY"),
        ({"WEB_USER_HEADER": "X-Remote-User", "WEB_PROXY": "127.0.0.1"}, ""),
    ],
)
def test_settings_that_would_be_unsafe_are_refused(settings: dict[str, str], said: str) -> None:
    if not said:
        load_config(settings, {})
        return
    with pytest.raises(ConfigProblems, match=said):
        load_config(settings, {})
