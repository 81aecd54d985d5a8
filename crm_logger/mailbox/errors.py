"""What goes wrong with the mailbox, as three errors that say what to do; read from exceptions and response codes."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from enum import StrEnum

from imapclient.exceptions import ProtocolError

MINUTE = 60.0
HOUR = 60 * MINUTE

# What a hostile or broken server can make imaplib and imapclient raise; a bug of ours among them shows in the text.
FAULTS = (
    OSError,
    imaplib.IMAP4.error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    ArithmeticError,
    MemoryError,
)

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""Those of them that an answer brings which came whole and says nothing: the connection is as good as before."""

_CODE = re.compile(r"\[([A-Za-z][A-Za-z0-9-]*)")
_THROTTLED = re.compile(r"Suggested Backoff Time: (\d{1,12}) milliseconds", re.IGNORECASE)
_GMAIL_LIMIT = re.compile(r"exceeded (?:command or )?bandwidth limits|exceeded command", re.IGNORECASE)
# What imaplib says of an answer that follows no rule; of a command it says "command: OK [text]", of a hang-up "EOF".
_GRAMMAR = re.compile(
    r"unexpected response|unexpected tagged|unterminated line|got more than|literal of \d+ bytes"
)
# What Microsoft says about an hour after a login by OAuth: "Session invalidated - AccessTokenExpired".
_EXPIRED = re.compile(r"AccessTokenExpired", re.IGNORECASE)
_OTHER_PROTOCOL = re.compile(r"unexpected response: b.(?:HTTP/|SSH-|220[ -]|\+OK|<)")

# RFC 5530 §3: the server will do again what it refuses now.
_TEMPORARY = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED"})
_LOGIN_REFUSED = frozenset({"AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "CONTACTADMIN"})


class MailboxError(Exception):
    """Something is wrong with the mailbox; str() is a sentence that says what to do."""


class Why(StrEnum):
    """What kind of absence it is: each is waited out in its own way (`crm_logger.patience`)."""

    UNREACHABLE = "unreachable"
    GRAMMAR = "server-violates-grammar"
    THROTTLED = "throttled"
    OVER_QUOTA = "over-quota"
    PERMISSION = "permission"
    TOKEN_EXPIRED = "token-expired"  # noqa: S105 -- the name of a state


class MailboxAway(MailboxError):  # noqa: N818 -- it says what the mailbox is
    """It cannot be reached or used just now; a new connection may work. `retry_after` in seconds, where it was told."""

    def __init__(self, sentence: str, retry_after: float | None = None, why: Why = Why.UNREACHABLE) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
        self.why = why


class MailboxRefused(MailboxError):  # noqa: N818 -- it says what the mailbox is
    """The server refuses the login. `certain` is False where it did not say why: it may be a passing fault."""

    def __init__(self, sentence: str, *, certain: bool) -> None:
        super().__init__(sentence)
        self.certain = certain


class ReauthRequired(MailboxRefused):
    """There is no refresh token, or the provider does not take it any more: somebody has to sign in again."""


class MailboxMisconfigured(MailboxError):  # noqa: N818 -- it says what the mailbox is
    """The settings or the server's set-up must be changed before anything works."""


class NotFiled(MailboxError):  # noqa: N818 -- it says what the mail is
    """The server would not move this mail. It stays where it is; the connection is as good as before.

    `given_up` where it was not tried any more.
    """

    def __init__(self, sentence: str, *, given_up: bool = False) -> None:
        super().__init__(sentence)
        self.given_up = given_up


def as_mailbox_error(error: Exception, doing: str, server: str, bye: str = "") -> MailboxError:
    """What an exception of the connection means; `doing` completes "while …", `server` is host:port.

    `bye` is what the server said before it hung up.
    """
    if isinstance(error, MailboxError):
        return error
    if isinstance(error, OSError):
        return _network_error(error, doing, server)
    if isinstance(error, imaplib.IMAP4.readonly):
        return MailboxMisconfigured(
            f"The folder on {server} is read-only: give the login the right to change it, or set FILING=leave."
        )
    if isinstance(error, imaplib.IMAP4.error) and not isinstance(error, ProtocolError):
        return _answer_error(error, doing, server, bye)
    return MailboxAway(
        f"{server} answered against the rules of IMAP while {doing} ({type(error).__name__}: {plain(error)}).",
        why=Why.GRAMMAR,
    )


def _network_error(error: OSError, doing: str, server: str) -> MailboxError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailboxMisconfigured(
            f"The certificate of {server} cannot be trusted ({error.verify_message}): IMAP_HOST must be the name in the "
            "certificate, and its issuer be known to this machine. No mail is read until then."
        )
    if isinstance(error, ssl.SSLError) and error.reason in {"WRONG_VERSION_NUMBER", "UNEXPECTED_MESSAGE"}:
        return MailboxMisconfigured(
            f"{server} does not speak TLS on this port: check IMAP_PORT, or set IMAP_SECURITY=starttls."
        )
    if isinstance(error, socket.gaierror):
        return MailboxAway(
            f"{server} cannot be found by its name ({error.strerror}): check IMAP_HOST, or wait for DNS."
        )
    if isinstance(error, TimeoutError):
        return MailboxAway(f"{server} did not answer in time while {doing}.")
    return MailboxAway(f"The connection to {server} failed while {doing} ({plain(error)}).")


def _answer_error(error: imaplib.IMAP4.error, doing: str, server: str, bye: str) -> MailboxError:
    """The error of a command, or of a connection that broke: imaplib tells both by text only."""
    text = plain(error)
    text = text if bye in text else f"{bye} ({text})"
    if wait := _wait_wanted(text):
        return MailboxAway(f"{server} asks to wait while {doing}: {text}", *wait)
    if _OTHER_PROTOCOL.search(text):
        return MailboxMisconfigured(f"{server} is no IMAP server ({text}): check IMAP_HOST and IMAP_PORT.")
    if isinstance(error, imaplib.IMAP4.abort):
        why = Why.GRAMMAR if _GRAMMAR.search(text) else Why.UNREACHABLE
        why = Why.TOKEN_EXPIRED if _EXPIRED.search(text) else why
        return MailboxAway(f"The connection to {server} broke while {doing}: {text}", why=why)
    if "authenticated but not connected" in text:
        return MailboxAway(
            f"{server} took the login but gives no mailbox ({text}): IMAP may be switched off for it, the user may lack "
            "the right to it, or the server holds it back for a while.",
            15 * MINUTE,
            Why.PERMISSION,
        )
    return MailboxAway(f"{server} refused while {doing}: {text}")


def _wait_wanted(text: str) -> tuple[float, Why] | None:
    if throttled := _THROTTLED.search(text):
        return min(int(throttled[1]) / 1000, HOUR), Why.THROTTLED
    return (30 * MINUTE, Why.OVER_QUOTA) if _GMAIL_LIMIT.search(text) else None


def login_error(error: Exception, user: str, server: str) -> MailboxError:
    """What a failed LOGIN means: imapclient raises the same error for a wrong password and for a broken network."""
    doing = f"logging in as {user}"
    text, cause = plain(error), error.__context__
    broken = isinstance(error, imaplib.IMAP4.abort) or isinstance(cause, imaplib.IMAP4.abort)
    if not isinstance(error, imaplib.IMAP4.error) or broken or _wait_wanted(text):
        return as_mailbox_error(cause if broken and isinstance(cause, Exception) else error, doing, server)
    codes = {code.upper() for code in _CODE.findall(text)}
    if codes & _TEMPORARY:
        return MailboxAway(f"{server} cannot log anybody in just now ({text}).")
    if codes & {"PRIVACYREQUIRED"} or "LOGINDISABLED" in text.upper():
        return MailboxMisconfigured(
            f"{server} takes no login without TLS: set IMAP_SECURITY to tls or starttls."
        )
    return MailboxRefused(
        f"{server} refuses the login of {user} ({text}): check IMAP_USER and IMAP_PASSWORD.",
        certain=bool(codes & _LOGIN_REFUSED),
    )


def plain(error: BaseException) -> str:
    """The text of an error, on one line, without control characters, of a length that fits a log."""
    text = str(error) or type(error).__name__
    unquoted = re.sub(
        r"^b'(.*)'$|^b\"(.*)\"$", lambda match: match[1] or match[2] or "", text, flags=re.DOTALL
    )
    return "".join(letter if letter.isprintable() else " " for letter in unquoted)[:300]
