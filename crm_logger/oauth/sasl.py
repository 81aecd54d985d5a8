"""The first thing a client says when it logs in with a token: XOAUTH2 (Google, Microsoft) and OAUTHBEARER (RFC 7628)."""

from __future__ import annotations

_END = b"\x01"


def xoauth2(user: str, token: str) -> bytes:
    """Google's and Microsoft's own form."""
    return b"user=%s\x01auth=Bearer %s\x01\x01" % (user.encode(), token.encode())


def oauthbearer(user: str, token: str, host: str, port: int) -> bytes:
    """RFC 7628 §3.1; in the GS2 header (RFC 5801 §4) `=` and `,` of a name are written =3D and =2C."""
    name = user.replace("=", "=3D").replace(",", "=2C")
    fields = (f"n,a={name},", f"host={host}", f"port={port}", f"auth=Bearer {token}")
    return _END.join([*(each.encode() for each in fields), b"", b""])


def response_to_refusal(mechanism: str) -> bytes:
    """What ends the exchange after the server told its error in a challenge (RFC 7628 §3.2.3)."""
    return _END if mechanism == "oauthbearer" else b""
