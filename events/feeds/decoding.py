"""Bodies as sent -> bytes as meant, without ever inflating more than a cap; and bytes -> text by charset."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]

from events.exceptions import Unreachable
from events.feeds.errors import TooLarge

ACCEPT_ENCODING = "gzip, deflate, br"
_STEP = 65_536
"""Bytes inflated at once: the most by which memory can pass the cap."""


class Decoder(Protocol):
    """Content coding of one body: bytes as sent in, pieces of at most about `_STEP` bytes out."""

    def feed(self, data: bytes) -> Iterator[bytes]: ...


class _Identity:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Zlib:
    """gzip and deflate; "deflate" is zlib by RFC 9110 but bare DEFLATE from some servers, so both are read."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._begun = self._ended = False
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and self._begin(data):
            piece = self._inflater.decompress(data, _STEP)
            if piece:
                yield piece
            self._ended = self._inflater.eof
            data = self._inflater.unused_data if self._ended else self._inflater.unconsumed_tail

    def _begin(self, data: bytes) -> bool:
        """Whether `data` belongs to the body: a gzip body may hold several members, padding is no part of it."""
        if self._ended and not (self._gzip and data.startswith(b"\x1f\x8b")):
            return False
        if self._ended:
            self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif not self._begun and not self._gzip:
            zlib_header = data[0] & 0x0F == 8
            self._inflater = zlib.decompressobj(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)
        self._begun = True
        return True


class _Brotli:
    def __init__(self) -> None:
        self._inflater = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        piece = self._inflater.process(data, output_buffer_limit=_STEP)
        while piece:
            yield piece
            if self._inflater.is_finished():
                return
            piece = self._inflater.process(b"", output_buffer_limit=_STEP)


def decoder_for(content_encoding: str) -> Decoder:
    """The decoder of a Content-Encoding header; raises Unreachable for a coding that was not asked for."""
    codings = [name for name in (part.strip().lower() for part in content_encoding.split(",")) if name]
    codings = [name for name in codings if name != "identity"]
    if not codings:
        return _Identity()
    if len(codings) > 1:
        # Nobody stacks codings in good faith; each layer multiplies what a few bytes inflate to.
        raise Unreachable("The answer is compressed several times over, which is not accepted.")
    if codings[0] in ("gzip", "x-gzip", "deflate"):
        return _Zlib(gzip=codings[0] != "deflate")
    if codings[0] == "br":
        return _Brotli()
    raise Unreachable(f"The answer is compressed in an unknown way ({codings[0][:40]!r}).")


def inflate(chunks: Iterable[bytes], decoder: Decoder, max_bytes: int) -> Iterator[bytes]:
    """The pieces of the body as meant; raises TooLarge beyond `max_bytes`, as sent or inflated, and Unreachable
    for a body that is not in the coding it claims."""
    sent = inflated = 0
    try:
        for chunk in chunks:
            sent += len(chunk)
            if sent > max_bytes:
                raise TooLarge(f"The answer is larger than {max_bytes:,} bytes.")
            for piece in decoder.feed(chunk):
                inflated += len(piece)
                if inflated > max_bytes:
                    raise TooLarge(f"The answer inflates to more than {max_bytes:,} bytes.")
                yield piece
    except (zlib.error, brotli.error) as error:
        raise Unreachable("The answer's compression is broken.") from error


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDER = {
    # The WHATWG Encoding Standard reads these labels as the superset that pages in fact use.
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_KNOWN = frozenset(
    {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "gb18030", "big5hkscs"}
    | {"cp932", "euc_jp", "iso2022_jp", "cp949", "hz", "koi8-r", "koi8-u", "mac-roman"}
    | {f"cp125{n}" for n in range(9)}
    | {f"iso8859-{n}" for n in range(1, 17)}
)
"""Names a server may give: without this list it could pick a codec that is no charset, such as a compressor."""
_SEVEN_BIT = frozenset(
    {"iso2022_jp", "hz", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})"""
    rb"""|<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._-]{1,40})""",
    re.IGNORECASE,
)


def codec_name(label: str) -> str | None:
    """Python's codec for a charset label of the wire, or None for one that is unknown or no charset."""
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
    except (LookupError, ValueError, UnicodeError):
        return None
    name = _WIDER.get(name, name)
    return name if name in _KNOWN else None


def charset_of(content_type: str) -> str:
    """The `charset` parameter of a Content-Type header, or ""."""
    found = re.search(r"charset\s*=\s*[\"']?([^\s;\"']{1,40})", content_type, re.IGNORECASE)
    return found[1] if found else ""


def to_text(body: bytes, content_type: str = "") -> tuple[str, str]:
    """`body` as text, and the codec that read it; never raises.

    A byte order mark wins (RFC 7303, 3; WHATWG HTML). Then UTF-8, when the bytes are valid UTF-8: text in another
    charset hardly ever is, while headers that claim another are common. Then what the header and the document
    say, GB 18030, and Windows-1252; bytes that fit nothing become U+FFFD.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace"), name
    declared = _declared(body, content_type)
    tries = [name for name in declared if name in _SEVEN_BIT] + ["utf-8", *declared]
    for name in dict.fromkeys(tries):
        text = _strictly(body, name)
        if text is not None:
            return text, name
    if not declared or "utf-8" in declared:
        return _guessed(body, utf8_claimed="utf-8" in declared)
    return body.decode(declared[0], "replace"), declared[0]


def _declared(body: bytes, content_type: str) -> list[str]:
    labels = [charset_of(content_type)]
    found = _DECLARED.search(body[:2048])
    if found:
        labels.append((found[1] or found[2]).decode("ascii"))
    names = [name for name in (codec_name(label) for label in labels if label) if name]
    # A page cannot be in UTF-16 and say so in ASCII (WHATWG HTML, prescan).
    ascii_start = body[:2].isascii() and b"\0" not in body[:4]
    return [name for name in names if not (ascii_start and name.startswith(("utf-16", "utf-32")))]


def _strictly(body: bytes, name: str) -> str | None:
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        # Not final: a body that was cut in the middle of a character is still in its charset.
        return decoder.decode(body, final=False)
    except (UnicodeError, ValueError):
        return None


def _is_in_pairs(body: bytes) -> bool:
    """Whether bytes beyond ASCII come in long runs, as Chinese in two-byte charsets does, not alone, as accents do."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", body[:200_000])]
    return sum(length for length in runs if length >= 4) * 2 > sum(runs)


def _guessed(body: bytes, *, utf8_claimed: bool) -> tuple[str, str]:
    """For bytes of no declared charset, or a broken one: a few bad bytes in UTF-8 leave the rest readable."""
    as_utf8 = body.decode("utf-8", "replace")
    is_mostly_valid = as_utf8.count("\ufffd") * 20 < sum(not char.isascii() for char in as_utf8)
    if is_mostly_valid or (utf8_claimed and not _is_in_pairs(body)):
        return as_utf8, "utf-8"
    for name in ("gb18030", "cp1252"):
        text = _strictly(body, name)
        if text is not None:
            return text, name
    return as_utf8, "utf-8"
