"""The ops commands. `main` is where the command line starts; each command's module is loaded when it is asked for."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import click

from crm_logger import __version__
from crm_logger.admin.setup import Setup

_HERE = "crm_logger.admin."
_COMMANDS = {
    "run": "service:run",
    "check": "checks:check",
    "auth": "auth:auth",
    "status": "ledger:status",
    "health": "watching:health",
    "audit": "watching:audit",
    "alarm": "watching:alarm",
    "backup": "backing:backup",
    "reconcile": "backing:reconcile",
    "db": "copying:db",
    "account": "accounts:account",
    "user": "users:user",
    "alias": "users:alias",
    "connected": "users:connected",
    "addresses": "addresses:addresses",
    "address": "addresses:address",
    "never-log": "lists:never_log",
    "internal": "lists:internal",
    "contact": "contacts:contact",
    "contacts": "contacts:contacts",
    "timeline": "timelines:timeline",
    "receipts": "ledger:receipts",
    "explain": "explaining:explain",
    "retry": "retrying:retry",
    "inspect": "inspecting:inspect",
    "export": "exporting:export",
    "import": "importing:import_mails",
    "prune": "erasing:prune",
    "erase": "erasing:erase",
    "purge": "erasing:purge",
    "web": "web:web",
    "web-link": "web:web_link",
}


class Commands(click.Group):
    """Finds a command's module by name, and turns what went wrong into one sentence and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """All names, in the order in which a newcomer needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's
        """The command of that name, loaded now; None where there is none."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(_HERE + module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the words name; for a name that is unknown, those that are like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand:
            raise click.NoSuchCommand(args[0], possibilities=_COMMANDS, ctx=ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run what was asked for; errors leave as sentences, an interrupt leaves quietly."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(130)
        except Exception as error:
            # Imported here alone: it knows the database's errors, and most commands have none.
            errors = importlib.import_module(_HERE + "errors")
            if (said := errors.said(error)) is None:
                raise
            raise said from None


def _setting(_ctx: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    if wrong := [name for name, equals, _ in pairs if not equals or not name]:
        raise click.BadParameter(f"{wrong[0]!r} is not NAME=VALUE.")
    return {name.strip().upper(): value for name, _, value in pairs}


@click.group(
    cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file; config.env in this folder where none is named.",
)
@click.option(
    "--set",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_setting,
    help="One setting, above all others.",
)
@click.option("--once", is_flag=True, help="Without a command: look into the mailbox once, then end.")
@click.option("--dry-run", is_flag=True, help="Without a command: decide, print, change nothing.")
@click.version_option(__version__, prog_name="crm-logger")
@click.pass_context
def main(
    ctx: click.Context, *, config: Path | None, settings: dict[str, str], once: bool, dry_run: bool
) -> None:
    """Log sent and forwarded e-mail in the CRM. Without a command: run the service."""
    ctx.obj = setup = Setup(config, settings)
    ctx.call_on_close(setup.close)
    if ctx.invoked_subcommand is None:
        command = main.get_command(ctx, "run")
        if command is not None:
            ctx.invoke(command, once=once, dry_run=dry_run)
    elif once or dry_run:
        raise click.UsageError("--once and --dry-run stand after `run`, or alone.")
