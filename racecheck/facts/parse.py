"""Bytes to a LibCST tree with line numbers, or a Problem that says in one line why not."""

from __future__ import annotations

import io
import re
import sys
import threading
import tokenize
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import sub

from racecheck.core import own_threads
from racecheck.core.limits import MAX_FILE_BYTES, MAX_NESTING
from racecheck.facts import nodes
from racecheck.facts.lines import Layout, layout
from racecheck.facts.schema import Problem

_RECURSION = 12_000
_STACK_BYTES = 512 << 20
_LONG_LINE = 2000
_CHAIN = re.compile(
    r"(?>\bnot\s+){500}|(?>[-+~]\s*){500}|(?>lambda\s*:\s*){200}|(?>\.\s*\w+\s*){500}"
    r"|(?>\(\s*\)\s*){500}|(?>\w+\s*(?:[-+*/%|&^@<>]|and\b|or\b|if\b|else\b)\s*){2000}"
)
"""Operators without end, for which the parser takes quadratic time and native stack."""


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file. `layout` gives the lines that the tree lacks."""

    tree: nodes.cst.Module
    text: str
    layout: Layout


def parse(data: bytes) -> Source | Problem:
    """Parse one file. Never raises on bad source, not even on hostile nesting."""
    if len(data) > MAX_FILE_BYTES:
        return Problem("size", f"{len(data):,} bytes; at most {MAX_FILE_BYTES:,} are read")
    if isinstance(text := _decode(data), Problem):
        return text
    lines = layout(text)
    if lines.depth > MAX_NESTING:
        return Problem("nesting", f"{lines.depth} nested brackets; at most {MAX_NESTING} are read")
    if b"\0" in data:
        return Problem("syntax", "source holds a null byte", 1, 1)
    spread = max(map(sub, lines.ends, lines.starts), default=0) > 400
    long = spread or max(map(len, text.split("\n"))) >= _LONG_LINE
    if long and _CHAIN.search(text):
        return Problem("nesting", "an expression with thousands of operators in a row is not read")
    deep = long or text.count("elif ") > 200
    tree = _on_large_stack(lambda: _tree(text)) if deep else _tree(text)
    return tree if isinstance(tree, Problem) else Source(tree, text, lines)


def _decode(data: bytes) -> str | Problem:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, LookupError) as error:
        return Problem("encoding", f"unknown encoding: {error}", 1, 1)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(
            "encoding", f"not valid {error.encoding}: byte 0x{data[error.start]:02x}", line
        )


@contextmanager
def deep() -> Iterator[None]:
    """A recursion limit for deep trees; the process we are called from gets its own back."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(_RECURSION, before))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _tree(text: str) -> nodes.cst.Module | Problem:
    try:
        with deep():
            return nodes.parse(text)
    except nodes.cst.ParserSyntaxError as error:
        return Problem("syntax", _one_line(error.message), error.raw_line, error.raw_column + 1)
    except RecursionError:
        return Problem("nesting", "too deeply nested to be read")
    except Exception as error:  # LibCST raises plain exceptions on input it cannot hold
        return Problem("syntax", _one_line(f"the parser failed: {error}"))


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def _on_large_stack(work: Callable[[], nodes.cst.Module | Problem]) -> nodes.cst.Module | Problem:
    """Run `work` in a thread with a large stack: LibCST's parser recurses natively."""
    result: list[nodes.cst.Module | Problem] = []
    before = threading.stack_size(_STACK_BYTES)
    try:
        name = f"{own_threads.PREFIX}parse"
        thread = threading.Thread(target=lambda: result.append(work()), name=name)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    return result[0] if result else Problem("nesting", "too deeply nested to be read")
