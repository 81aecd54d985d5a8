"""Bytes of any charset to clean text: an allow-list of codecs, honest fallbacks, no control characters."""

from __future__ import annotations

import re
from encodings.aliases import aliases
from functools import lru_cache
from typing import Final

# What mail calls a charset is often a smaller sibling of what was really used.
_SUPERSETS: Final = {
    "ascii": "utf_8",
    "latin_1": "cp1252",
    "iso8859_1": "cp1252",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "cp950",
}
# What the standard library does not know under the name that mailers use.
_ALSO: Final = {
    "x_sjis": "cp932",
    "windows_31j": "cp932",
    "windows_874": "cp874",
    "iso_8859_8_i": "iso8859_8",
    "iso_8859_8_e": "iso8859_8",
    "x_gbk": "gb18030",
    "x_mac_roman": "mac_roman",
    "koi8_u": "koi8_u",
    "cp874": "cp874",
    "cp737": "cp737",
}
# Punycode and idna are left out: they take quadratic time. So are EBCDIC and the codecs that are no charsets.
_CHARSET: Final = re.compile(
    r"utf_(?:7|8|16|16_le|16_be|32|32_le|32_be)|iso8859_\d+|latin_1|ascii|cp(?:437|7\d\d|8\d\d|9\d\d|125\d)|koi8_r|mac_\w+"
    r"|big5(?:hkscs)?|gb(?:2312|k|18030)|hz|euc_\w+|shift_jis\w*|iso2022_\w+|johab|tis_620|ptcp154|kz1048",
)
# Seven-bit charsets that would pass as UTF-8, escapes and all, once a single byte of them is broken.
_SEVEN_BIT: Final = ("utf_7", "hz", "iso2022_")
_STATEFUL: Final = (*_SEVEN_BIT, "utf_16", "utf_32")
_CONTROLS: Final = bytes({*range(32), 127} - {*b"\t\n"})
_SEPARATORS: Final = re.compile(r"[^a-z0-9]+")
_UNCLEAN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def scrub(text: str) -> str:
    """The text without control characters (tab and line feed stay) and without lone surrogates."""
    return text if text.isprintable() else _UNCLEAN.sub("", text)


def decode_bytes(data: bytes, charset: str = "") -> str:
    """Text of the bytes: as declared if that fits, else as UTF-8, else as cp1252; scrubbed, and never an error."""
    codec = codec_of(charset)
    if codec.startswith(_STATEFUL):
        return scrub(_decode(data, codec))
    # Scrubbing bytes is ten times faster, and no other codec makes a control character or a surrogate of others.
    return _decode(data.translate(None, _CONTROLS), codec)


def _decode(data: bytes, codec: str) -> str:
    for strict in dict.fromkeys((codec, "utf_8")):
        try:
            return data.decode(strict)
        except UnicodeError:
            if strict.startswith(_SEVEN_BIT):
                return data.decode(strict, "replace")
    return _mostly_utf8(data) if codec == "utf_8" else _western(data)


@lru_cache(maxsize=256)
def codec_of(charset: str) -> str:
    """The codec to try first for a declared charset; UTF-8 where it is unknown or none we want to run."""
    name = _SEPARATORS.sub("_", charset[:64].lower()).strip("_")
    name = _ALSO.get(name) or aliases.get(name, name)
    return _SUPERSETS.get(name, name) if name in _CODECS else "utf_8"


def _mostly_utf8(data: bytes) -> str:
    """UTF-8 with a broken character here and there stays UTF-8; anything else was western text all along."""
    text = data.decode("utf_8", "replace")
    broken = text.count("\ufffd")
    sound = sum(not char.isascii() for char in text) - broken if broken < len(text) else 0
    return text if sound > broken else _western(data)


def _western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeError:
        return data.decode("latin_1")


_CODECS: Final = frozenset(_ALSO.values()) | {name for name in aliases.values() if _CHARSET.fullmatch(name)}
