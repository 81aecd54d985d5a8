"""Which errors are sentences for whoever typed the command, and which exit status each has."""

from __future__ import annotations

import os

import click

from crm_logger.admin.findings import Finding, fail
from crm_logger.config import ConfigProblems
from crm_logger.mailbox import MailboxAway, MailboxError, MailboxMisconfigured, MailboxRefused
from crm_logger.oauth import OAuthAway, OAuthError, OAuthMisconfigured, ReauthRequired
from crm_logger.store import StoreError
from crm_logger.store.people import RequestError


class Said(click.ClickException):
    """A sentence; the exit status is 1."""


class SettingsSaid(Said):
    """A sentence about settings or the database they name (EX_CONFIG)."""

    exit_code = os.EX_CONFIG


class RefusedSaid(Said):
    """A sentence about a login that the server refuses (EX_NOPERM)."""

    exit_code = os.EX_NOPERM


class WaitSaid(Said):
    """A sentence about something that waiting may mend (EX_TEMPFAIL)."""

    exit_code = os.EX_TEMPFAIL


_KINDS = {
    MailboxAway: WaitSaid,
    MailboxRefused: RefusedSaid,
    MailboxMisconfigured: SettingsSaid,
    OAuthAway: WaitSaid,
    ReauthRequired: RefusedSaid,
    OAuthMisconfigured: SettingsSaid,
}


def failed(what: str, error: MailboxError | StoreError) -> Finding:
    """The error as a line of `check`, which asks for the exit status that it has elsewhere."""
    sentence = said(error)
    return fail(what, str(error), status=sentence.exit_code if sentence else 1)


def said(error: Exception) -> Said | None:
    """The error as a sentence; None for one that is a fault of the program."""
    if isinstance(error, ConfigProblems):
        return SettingsSaid("the settings are wrong.\n" + "\n".join(f"  {each}" for each in error.problems))
    if isinstance(error, StoreError):
        return WaitSaid(str(error)) if error.temporary else SettingsSaid(str(error))
    for kind, sentence in _KINDS.items():
        if isinstance(error, kind):
            return sentence(str(error))
    return Said(str(error)) if isinstance(error, (RequestError, OAuthError)) else None
