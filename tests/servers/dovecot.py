"""A private Dovecot in a temporary folder: loopback only, any user name with one password, gone at the end."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.servers.served import ServedMailbox

if TYPE_CHECKING:
    from collections.abc import Collection

HOST = "127.0.0.1"
PASSWORD = "secret"
LMTP = Path("/usr/lib/dovecot/lmtp")
CAPABILITIES = "IMAP4rev1 SASL-IR ID ENABLE IDLE UIDPLUS UNSELECT NAMESPACE LITERAL+ MOVE ESEARCH CONDSTORE LIST-EXTENDED"

CONFIG = """
protocols = imap {lmtp}
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
ssl = no
disable_plaintext_auth = no
auth_username_format = %Lu
recipient_delimiter = +
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 100
mail_fsync = never
auth_failure_delay = 0
imap_capability = {capabilities}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}
# A process for each connection costs more than all that the tests do on it.
service imap {{
  service_count = 10000
  process_min_avail = 4
}}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""
LMTP_CONFIG = """
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@localhost
}}
"""
# Tokens are taken where the provider's introspection (RFC 7662) says that they are good.
OAUTH_CONFIG = """
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
"""
OAUTH_FILE = """
introspection_url = {introspection}
introspection_mode = post
force_introspection = yes
username_attribute = username
active_attribute = active
active_value = true
"""


def find_dovecot() -> str | None:
    """The path of Dovecot's program; None where it is not installed."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class Dovecot:
    """`with Dovecot() as dovecot:` a running server. `without` are capabilities it does not offer.

    With the address of a provider's `introspection` it also takes tokens.
    """

    def __init__(self, without: Collection[str] = (), introspection: str = "") -> None:
        self._introspection = introspection
        self.port = _free_port()
        self.lmtp_port = _free_port()
        # Short: a socket's path has at most 107 bytes, which pytest's own folders come close to.
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
        self._capabilities = " ".join(name for name in CAPABILITIES.split() if name not in without)
        self._users = 0
        self._master: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The server's first process, the parent of all others."""
        assert self._master
        return self._master.pid

    def mailbox(self, user: str = "") -> ServedMailbox:
        """A user's mailbox, by default that of a user who never was here."""
        self._users += 1
        name = user or f"crm{self._users}"
        return ServedMailbox("dovecot", HOST, self.port, name, PASSWORD, self._recreate)

    def start(self) -> None:
        """Start, and come back when it answers."""
        (self.folder / "dovecot.conf").write_text(self._config())
        (self.folder / "oauth2.conf").write_text(OAUTH_FILE.format(introspection=self._introspection))
        for name in ("mail", "run", "state"):
            (self.folder / name).mkdir(exist_ok=True)
        if os.getuid() == 0:
            self.folder.chmod(0o755)
            shutil.chown(self.folder / "mail", "nobody", "nogroup")
        command = [find_dovecot() or "dovecot", "-F", "-c", str(self.folder / "dovecot.conf")]
        self._master = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait_for_greeting()

    def stop(self) -> None:
        """Stop, as a shutdown of the machine would; what is in the mailboxes stays."""
        if self._master:
            self._master.terminate()
            self._master.wait(10)

    def kill(self) -> None:
        """Take it away in the middle of whatever it does."""
        if self._master:
            self._master.kill()
            self._master.wait(10)

    def deliver(self, raw: bytes, user: str) -> None:
        """Put a mail into a Maildir, as fast as it goes; only a user's second mail finds the folder there."""
        new = self.folder / "mail" / user / "new"
        new.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns()}.M{os.getpid()}.tests"
        part = self.folder / name
        part.write_bytes(raw)
        if os.getuid() == 0:
            for path in (part, new, new.parent):
                shutil.chown(path, "nobody", "nogroup")
        part.rename(new / name)

    def deliver_by_lmtp(self, raw: bytes, sender: str, recipients: list[str]) -> None:
        """Hand a mail over as an MTA does: Dovecot writes its Received, Return-Path and Delivered-To."""
        with smtplib.LMTP(HOST, self.lmtp_port, timeout=10) as connection:
            connection.sendmail(sender, recipients, raw)

    def log(self) -> str:
        """What it wrote."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _config(self) -> str:
        uid, gid = os.getuid(), os.getgid()
        root = uid == 0
        nobody = pwd.getpwnam("nobody")
        me = pwd.getpwuid(uid).pw_name
        text = CONFIG + (LMTP_CONFIG if LMTP.exists() else "") + (OAUTH_CONFIG if self._introspection else "")
        return text.format(
            folder=self.folder,
            port=self.port,
            lmtp="lmtp" if LMTP.exists() else "",
            lmtp_port=self.lmtp_port,
            capabilities=self._capabilities,
            password=PASSWORD,
            internal="nobody" if root else me,
            login="nobody" if root else me,
            group="nogroup" if root else grp.getgrgid(gid).gr_name,
            uid=nobody.pw_uid if root else uid,
            gid=nobody.pw_gid if root else gid,
        )

    def _wait_for_greeting(self) -> None:
        for _ in range(200):
            try:
                with socket.create_connection((HOST, self.port), 5) as connection:
                    if connection.recv(4):
                        return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError(f"Dovecot does not answer:\n{self.log()}")

    def _recreate(self, user: str, folder: str) -> None:
        """Forget the UIDs of a folder: Dovecot numbers it anew."""
        home = self.folder / "mail" / user
        place = home if folder == "INBOX" else home / f".{folder}"
        # Its own new UIDVALIDITY is the clock's second: a folder made in this very second would keep its number.
        uidlist = place / "dovecot-uidlist"
        before = int(uidlist.read_text().split("V", 1)[1].split()[0])
        for path in place.glob("dovecot*"):
            if path.is_file():
                path.unlink()
        while int(time.time()) <= before:
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
