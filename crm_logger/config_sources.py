"""Where settings are written: the command line, the environment, credentials and config.env; each value knows its place."""

from __future__ import annotations

import difflib
import io
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv.parser import Binding, parse_stream

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Names:
    """The settings there are; `hidden` are those whose values are never shown and may come as NAME_FILE."""

    known: frozenset[str]
    hidden: frozenset[str]

    @property
    def accepted(self) -> frozenset[str]:
        """Every name that may be written."""
        return self.known | {f"{name}_FILE" for name in self.hidden}


@dataclass(frozen=True, slots=True)
class Written:
    """A value and where it was written."""

    value: str
    where: str


Layer = dict[str, Written]


def read_layers(
    names: Names,
    overrides: Mapping[str, str],
    environ: Mapping[str, str],
    env_file: Path | None,
    problems: list[str],
) -> list[Layer]:
    """The places in their order, the first wins; what is wrong with them is added to `problems`."""
    return [
        _from_command_line(names, overrides, problems),
        {name: Written(environ[name], "environment") for name in names.accepted if environ.get(name)},
        _from_credentials(names, environ, problems),
        _from_file(names, env_file, problems),
    ]


def _from_command_line(names: Names, overrides: Mapping[str, str], problems: list[str]) -> Layer:
    problems += [f"--set: {_unknown(names, name)}" for name in overrides if name not in names.accepted]
    return {name: Written(value, "--set") for name, value in overrides.items() if value}


def _from_credentials(names: Names, environ: Mapping[str, str], problems: list[str]) -> Layer:
    """Secrets that systemd hands over (LoadCredential=): files named like the setting, in capitals or not."""
    folder = environ.get("CREDENTIALS_DIRECTORY")
    layer: Layer = {}
    for name in sorted(names.hidden) if folder else ():
        for path in (Path(str(folder), name), Path(str(folder), name.lower())):
            where = f"credential {path.name}"
            if path.is_file() and (found := content(path, where, problems)):
                layer[name] = Written(found, where)
    return layer


def _from_file(names: Names, env_file: Path | None, problems: list[str]) -> Layer:
    layer: Layer = {}
    for binding, where in _bindings(env_file, problems) if env_file else ():
        if problem := _flaw(names, binding, layer):
            problems.append(f"{where}: {problem}")
        elif binding.key and binding.value:
            layer[binding.key] = Written(binding.value, where)
    return layer


def _bindings(env_file: Path, problems: list[str]) -> Iterator[tuple[Binding, str]]:
    """The lines of the file, each with its file:line; nothing is interpolated, a password may hold ${…}."""
    for binding in parse_stream(io.StringIO(content(env_file, str(env_file), problems) + "\n")):
        if binding.key is not None or binding.error:
            text = binding.original.string
            blank = text[: len(text) - len(text.lstrip())]
            yield binding, f"{env_file}:{binding.original.line + blank.count(chr(10))}"


def exposed(path: Path | None, secrets: Collection[str]) -> list[str]:
    """What is wrong with a file that holds secrets: others than its owner and its group can get at it. A pipe is none."""
    if path is None or not secrets or not path.is_file():
        return []
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & stat.S_IRWXO:
        return []
    names = " and ".join(sorted(secrets))
    said = f"{path}: holds {names} and everybody on this machine can get at it (mode {mode:03o})"
    return [f"{said}: chmod 600 {path}, and change what may have been read"]


def content(path: Path, where: str, problems: list[str]) -> str:
    """The text of a file without its last line break; "" and a problem where it cannot be read."""
    try:
        return path.read_text("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except OSError as error:
        problems.append(f"{where}: cannot be read ({error.strerror})")
    except UnicodeDecodeError:
        problems.append(f"{where}: is not UTF-8 text")
    return ""


def _flaw(names: Names, binding: Binding, layer: Layer) -> str:
    """What is wrong with a line, "" if nothing; a line that is no setting is not quoted: it may be a secret."""
    name = binding.key
    if binding.error or name is None or binding.value is None or not _NAME.fullmatch(name):
        return "expected NAME=value (a value with quotes or blanks goes in single quotes)"
    if name not in names.accepted:
        return _unknown(names, name)
    if name in layer:
        return f"{name} is set twice, first at {layer[name].where}"
    written = binding.original.string.partition("=")[2].lstrip()
    if name in names.hidden and written[:1] not in {"'", '"'} and re.search(r"\s#", written):
        return f"{name} is cut at ' #', which starts a comment: put the value in single quotes"
    return ""


def _unknown(names: Names, name: str) -> str:
    near = difflib.get_close_matches(name.upper(), sorted(names.accepted), n=1)
    return f"unknown setting {name}" + (f", did you mean {near[0]}?" if near else "")
