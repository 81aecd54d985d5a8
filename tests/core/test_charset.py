"""Bytes of any charset to clean text."""

from __future__ import annotations

import pytest

from crm_logger.core.charset import codec_of, decode_bytes, scrub


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("Grüße".encode(), "utf-8", "Grüße"),
        ("Grüße".encode(), "", "Grüße"),
        ("Grüße".encode("latin-1"), "ISO-8859-1", "Grüße"),
        ("€ 5".encode("cp1252"), "iso-8859-1", "€ 5"),
        ("Grüße".encode("cp1252"), "", "Grüße"),
        ("Grüße".encode(), "us-ascii", "Grüße"),
        ("Grüße".encode("cp1252"), "utf-8", "Grüße"),
        (b"\x81\xfc", "us-ascii", "\x81ü"),
        ("Grüße, Müller".encode() + b"\xc3", "utf-8", "Grüße, Müller\ufffd"),
        (b"\xff", "utf-8", "ÿ"),
        ("日本".encode("iso2022_jp"), "ISO-2022-JP", "日本"),
        ("日本".encode("iso2022_jp") + b"\xff", "ISO-2022-JP", "日本\ufffd"),
        ("日本".encode("shift_jis"), "x-sjis", "日本"),
        ("中文".encode("gb18030"), "gb2312", "中文"),
        ("Київ".encode("koi8_u"), "koi8-u", "Київ"),
        (b"abc", "hex", "abc"),
        (b"abc-", "punycode", "abc-"),
        (b"abc", "undefined", "abc"),
        (b"abc", "idna", "abc"),
        (b"abc", "x-nobody-knows", "abc"),
        ("Grüße".encode("utf-16-be"), "utf-16-be", "Grüße"),
        (b"+2AA-x", "utf-7", "x"),
        (b"a\0b\x1b[31m\tc\nd\r\x7f", "", "ab[31m\tc\nd"),
    ],
)
def test_bytes_are_read_as_declared_else_as_utf8_else_as_western(
    data: bytes, charset: str, text: str
) -> None:
    assert decode_bytes(data, charset) == text


@pytest.mark.parametrize(
    "name", ["cp037", "cp500", "rot13", "base64", "unicode_escape", "raw_unicode_escape", "mbcs", "zlib"]
)
def test_codecs_that_are_no_charsets_of_mail_are_never_run(name: str) -> None:
    assert codec_of(name) == "utf_8"


def test_control_characters_and_lone_surrogates_never_come_through() -> None:
    assert scrub("".join(map(chr, range(32))) + "\x7f\ud800x\udfff") == "\t\nx"
