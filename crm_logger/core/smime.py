"""S/MIME signed data (RFC 5652, RFC 8551 §3.5.2): what was signed, out of its wrapper. The only user of asn1crypto."""

from __future__ import annotations

from typing import Final

TYPES: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})


def signed_content(data: bytes) -> bytes | None:
    """The MIME entity that was signed; None where the bytes are no signed data, or the content is not inside.

    Nobody judges the signature here: who wrote a mail is told by its domain's own proof (R6), not by a certificate.
    """
    from asn1crypto.cms import ContentInfo  # noqa: PLC0415 -- takes 30 ms to load, and few mails are signed like this

    try:
        info = ContentInfo.load(data)
        if info["content_type"].native != "signed_data":
            return None
        signed = info["content"]["encap_content_info"]
        content = signed["content"].native if signed["content_type"].native == "data" else None
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
    ):  # what asn1crypto says of bytes that are no ASN.1
        return None
    return content if isinstance(content, bytes) else None
