"""Reads the settings from the command line, the environment, credentials and config.env, for one mailbox or several."""

from __future__ import annotations

from dataclasses import Field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_logger.config_checks import between, contradictions, not_needed
from crm_logger.config_entry import Need
from crm_logger.config_settings import OF_A_MAILBOX, Config
from crm_logger.config_sources import Layer, Names, Written, content, exposed, read_layers
from crm_logger.config_values import Secret

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

__all__ = ["Config", "ConfigProblems", "Need", "Secret", "example", "load_config", "load_mailboxes"]


class ConfigProblems(Exception):  # noqa: N818 -- several of them, said in one go
    """Everything that is wrong with the settings, one sentence each; the caller exits with 78 (EX_CONFIG)."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


_SETTINGS: dict[str, Field[Any]] = {each.name.upper(): each for each in fields(Config)}


def _names(mailboxes: Iterable[str] = ()) -> Names:
    hidden = {name for name, each in _SETTINGS.items() if each.metadata["hidden"]}
    prefixes = [_prefix(name) for name in mailboxes]
    return Names(
        known=frozenset(_SETTINGS) | {prefix + name for prefix in prefixes for name in OF_A_MAILBOX},
        hidden=frozenset(hidden | {prefix + name for prefix in prefixes for name in OF_A_MAILBOX & hidden}),
    )


def _prefix(mailbox: str) -> str:
    return f"{mailbox.upper()}_"


def load_config(
    overrides: Mapping[str, str],
    environ: Mapping[str, str],
    env_file: Path | None = None,
    *,
    need: Collection[Need] = (),
) -> Config:
    """Read every setting: `overrides` (--set) before `environ` before `env_file` before the default.

    A blank value counts as not written there. A secret may also be the content of the file that NAME_FILE names, or
    a systemd credential of its name, which ranks with the environment. `need` says which required settings must be
    there. Raises ConfigProblems with everything that is wrong; no secret is quoted in it.
    """
    return _Loading(overrides, environ, env_file, need).config()


def load_mailboxes(
    overrides: Mapping[str, str],
    environ: Mapping[str, str],
    env_file: Path | None = None,
    *,
    need: Collection[Need] = (),
) -> tuple[Config, ...]:
    """Read the settings of each mailbox: those of MAILBOXES, else the only one. Else the same as load_config."""
    return _Loading(overrides, environ, env_file, need).each_mailbox()


class _Loading:
    """Everything that is written anywhere, and what is wrong with it."""

    def __init__(
        self,
        overrides: Mapping[str, str],
        environ: Mapping[str, str],
        env_file: Path | None,
        need: Collection[Need],
    ) -> None:
        places = (overrides, environ, env_file)
        named = _value_of("MAILBOXES", read_layers(_names(), *places, []), _names(), [])
        self._mailboxes: tuple[str, ...] = named
        self._names = _names(named)
        self._env_file = env_file
        self._need = need
        self._problems: list[str] = []
        self._layers = read_layers(self._names, *places, self._problems)

    def config(self) -> Config:
        """What holds for all of them."""
        found = self._read("", self._need if not self._mailboxes else set(self._need) - {"imap"})
        self._end()
        return found

    def each_mailbox(self) -> tuple[Config, ...]:
        """What holds for each of them."""
        if not self._mailboxes:
            return (self.config(),)
        found = tuple(self._read(name, self._need) for name in self._mailboxes)
        self._problems += between(found)
        self._end()
        return found

    def _end(self) -> None:
        self._problems += exposed(self._env_file, _secrets(self._layers[-1], self._names))
        if self._problems:
            raise ConfigProblems(list(dict.fromkeys(self._problems)))

    def _read(self, mailbox: str, need: Collection[Need]) -> Config:
        values = {each.name: self._value(name, mailbox) for name, each in _SETTINGS.items()}
        if mailbox:
            values["mailboxes"] = (mailbox,)
        if not self._problems:
            about = f"mailbox {mailbox}: " if mailbox else ""
            self._problems += [about + problem for problem in contradictions(values)]
        self._problems += self._missing(values, need, mailbox)
        values["imap_port"] = values["imap_port"] or (993 if values["imap_security"] == "tls" else 143)
        return Config(**values)

    def _value(self, name: str, mailbox: str) -> Any:
        own = _prefix(mailbox) + name
        if mailbox and name in OF_A_MAILBOX and own in _mentioned(self._layers):
            return _value_of(name, self._layers, self._names, self._problems, own)
        return _value_of(name, self._layers, self._names, self._problems)

    def _missing(self, values: Mapping[str, Any], need: Collection[Need], mailbox: str) -> Iterator[str]:
        place = self._env_file or "config.env"
        mentioned = _mentioned(self._layers)
        for name, each in _SETTINGS.items():
            needed = each.metadata["need"] in need and name not in not_needed(values)
            own = _prefix(mailbox) + name if mailbox and name in OF_A_MAILBOX else name
            if needed and not values[each.name] and not mentioned & {name, own}:
                or_file = f", or {own}_FILE to a file that holds it" if name in self._names.hidden else ""
                yield f"{own} is missing: set it in {place} or in the environment{or_file}. {each.metadata['why']}"


def _value_of(name: str, layers: list[Layer], names: Names, problems: list[str], written_as: str = "") -> Any:
    """The setting's value; a broken one becomes a problem and the default stands in, so that the search goes on."""
    each, name = _SETTINGS[name], written_as or name
    reader, default = each.metadata["reader"], each.metadata["default"]
    written = _written(name, layers, problems)
    if written is None:
        return reader(default)
    try:
        return reader(written.value)
    except ValueError as error:
        shown = name if name in names.hidden else f"{name}={written.value!r}"
        problems.append(f"{written.where}: {shown} {error}")
        return reader(default)


def _written(name: str, layers: list[Layer], problems: list[str]) -> Written | None:
    for layer in layers:
        direct, named = layer.get(name), layer.get(f"{name}_FILE")
        if direct and named:
            problems.append(f"{named.where}: {name} and {name}_FILE are both set: keep one")
        if direct:
            return direct
        if named:
            return _from_named_file(named, name, problems)
    return None


def _from_named_file(named: Written, name: str, problems: list[str]) -> Written:
    where = f"{named.where}: {name}_FILE"
    before = len(problems)
    found = content(Path(named.value), where, problems)
    problems += exposed(Path(named.value), [name])
    if not found and len(problems) == before:
        problems.append(f"{where}: the file is empty")
    return Written(found, where)


def _secrets(layer: Layer, names: Names) -> list[str]:
    """A database's URL is one where it holds a password."""
    return [
        name
        for name in layer
        if name in names.hidden and (name != "DATABASE_URL" or "@" in layer[name].value)
    ]


def _mentioned(layers: list[Layer]) -> set[str]:
    written = {name for layer in layers for name in layer}
    return written | {name.removesuffix("_FILE") for name in written}


def example() -> str:
    """The text of config.example.env: every setting, its default, one line why."""
    head = (
        "# Settings of crm-logger. Copy this file to config.env and fill in what has no default.\n"
        "# The command line (--set NAME=VALUE) and the environment come before this file. An empty value is the default.\n"
        "# A value with blanks, quotes or # goes in single quotes. A secret may be kept elsewhere: NAME_FILE=/path/to/it,\n"
        "# or a systemd credential (LoadCredential=) of the setting's name.\n"
    )
    return head + "".join(
        f"\n# {each.metadata['why']}\n{_as_written(name, each)}\n" for name, each in _SETTINGS.items()
    )


def _as_written(name: str, each: Field[Any]) -> str:
    default = each.metadata["default"]
    quoted = f"'{default}'" if " " in default else default
    return f"{name}={quoted}" if each.metadata["need"] else f"#{name}={quoted}"


if __name__ == "__main__":
    print(example(), end="")  # noqa: T201 -- `python -m crm_logger.config > config.example.env`
