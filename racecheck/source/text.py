"""Bytes to text as the parser sees it: every line end is one newline, nothing is refused."""

from __future__ import annotations

import io
import tokenize


def decode(data: bytes) -> str:
    """The text of a source file in its declared encoding; what does not fit becomes U+FFFD."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding, "replace")
    except (SyntaxError, LookupError, UnicodeError):
        text = data.decode("utf-8", "replace")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
