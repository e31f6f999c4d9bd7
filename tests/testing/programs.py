"""Small random programs that always end, and what running one shows to the world."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import traceback
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from hypothesis import strategies as st

HEAD = """\
from __future__ import annotations
import contextlib
total = 0
store = {"a": 1}
rows = [3, 1, 2]

turns = 0

def turn():
    global turns
    turns += 1
    if turns > 40:
        raise RuntimeError("too many turns")

def tell(*values):
    print("tell", *values)
    return values[0] if values else None

class Node:
    kind = "node"
    def __init__(self, n):
        self.n = n
        self.items = [n]
        self.map = {}
        self.next = None
        self.__hidden = n
    @property
    def double(self):
        print("double", self.n)
        return self.n * 2
    def step(self, k=1):
        self.n += k
        self.__hidden += 1
        return self
    def __repr__(self):
        return "a node"
    def hidden(self):
        return self.__hidden

"""

EXPRESSIONS = """\
x
y
self.n
self.n + 1
self.double
self.items
len(self.items)
self.items[0]
self.map.get("a", 0)
self.map["a"]
store["a"]
store.get(x)
total
rows
rows[-1]
self.next
self.next.n
tell(self.n)
tell(self.n) + self.n
self.step().n + self.n
self.hidden()
[r + self.n for r in rows]
{k: v for k, v in store.items()}
sum(r for r in self.items)
(lambda q: q + self.n)(1)
x if self.n else y
self.n and self.items and self.n
not self.items
x in self.items
"a" in store
f"{self.n} {self.kind!r}"
(z := self.n)
*rows,
missing
self.missing
1 // (self.n - 1)
Node(2).step().n
""".splitlines()

SIMPLE = """\
pass
x = {e}
x, y = {e}, {e}
x, *y = rows
self.n = {e}
self.n += 1
self.n = self.n + 1
self.n += tell(2)
n = self.n; tell(n); self.n = n + 1
self.items.append({e})
self.items = self.items + [1]
self.items += [2]
self.map["a"] = {e}
self.map[self.n] = self.map.get(self.n, 0) + 1
store["a"] += 1
store[x] = {e}
del self.map["a"]
del x
del self.next
self.next = Node({e})
self.next.n = {e}
self.next = None
print({e})
tell({e})
assert self.n, {e}
return {e}
return self.step().n + self.n
raise ValueError({e})
yielded({e})
total += 1
total = tell(total) + 1
x: int = self.n
y = self.n = 7
(
    self.n
)
self.n = (
    self.n +
    tell(1)
)
print(sorted(v for v in locals() if v not in ("self", "cell", "inner")))
import math
cell += 1
inner()
""".rstrip("\n").split("\n")


def _joined(lines: list[str]) -> list[str]:
    """Templates that span several lines."""
    found: list[str] = []
    depth = 0
    for line in lines:
        if depth:
            found[-1] += "\n" + line
        else:
            found.append(line)
        depth += line.count("(") - line.count(")")
    return found


COMPOUND = """\
if {e}:|B|elif self.n > 3:|B|else:|B
if self.n is None:|B
while self.n < 4:|turn()|self.n += 1|B
while rows and self.n:|turn()|self.n -= 1|B
for x in self.items[:3]:|B
for x in rows:|B|else:|B
for k, v in sorted(self.map.items(), key=str):|B
with contextlib.suppress(KeyError, TypeError):|B
with contextlib.nullcontext({e}) as y:|B
try:|B|except (KeyError, ValueError) as x:|B|else:|B|finally:|B
try:|B|finally:|B
match self.n:|case 1:|.B|case int(y) if self.items:|.B|case _:|.B
def local(q={e}):|x = q|B
class Local:|a = self.n|b = [self.n]
""".splitlines()


@st.composite
def _block(draw: st.DrawFn, depth: int) -> list[str]:
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        if depth and draw(st.integers(0, 3)) == 0:
            lines += draw(_compound(depth - 1))
        else:
            text = draw(st.sampled_from(_joined(SIMPLE)))
            while "{e}" in text:
                text = text.replace("{e}", draw(st.sampled_from(EXPRESSIONS)), 1)
            lines += text.replace("x = *rows,", "x = [*rows]").split("\n")
    return lines


@st.composite
def _compound(draw: st.DrawFn, depth: int) -> list[str]:
    lines: list[str] = []
    for part in draw(st.sampled_from(COMPOUND)).split("|"):
        while "{e}" in part:
            part = part.replace("{e}", draw(st.sampled_from(EXPRESSIONS)), 1)
        if part.endswith("B"):
            extra = "    " if part.startswith(".") else ""
            lines += [f"    {extra}{line}" for line in draw(_block(depth))]
        elif part.endswith(":"):
            lines.append(f"    {part}" if part.startswith("case") else part)
        else:
            lines.append(f"    {part}")
    return lines


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A program with one class, one function of a random kind, and calls of it."""
    kind = draw(st.sampled_from(["plain", "generator", "async", "method"]))
    body = draw(_block(2))
    text = "\n".join(body)
    text = text.replace("yielded(", "yield (" if kind == "generator" else "tell(")
    start = ["cell = 0"] if draw(st.booleans()) else ["cell = 0", "x = y = 1"]
    inner = ["def inner():", "    nonlocal cell", "    cell += 1", "    return cell"]
    whole = ["global total", *start, *inner, *text.split("\n")]
    if kind == "generator":
        whole.append("yield 1")
    prefix = "async " if kind == "async" else ""
    lines = [f"{prefix}def work(self, x=0, y=0):", '    "doc"', *[f"    {one}" for one in whole]]
    if kind == "method":
        lines = ["class Sub(Node):", *[f"    {line}" for line in lines]]
    return HEAD + "\n".join(lines) + "\n\n" + CALLS[kind]


_RUN = """
def run(go):
    try:
        print("result", go())
    except Exception as error:
        tell("failed", type(error).__name__, error)
        raise
    finally:
        print(node.n, node.items, node.map, total, store, rows)
"""
CALLS = {
    "plain": "node = Node(1)\n" + _RUN + "run(lambda: (work(node), work(node)))\n",
    "method": "node = Sub(1)\n" + _RUN + "run(lambda: (node.work(), node.work(2)))\n",
    "generator": "node = Node(1)\n" + _RUN + "run(lambda: (list(work(node)), work.__doc__))\n",
    "async": "import asyncio\nnode = Node(1)\n" + _RUN + "run(lambda: asyncio.run(work(node)))\n",
}


@dataclass(frozen=True)
class Shown:
    """What a run shows: output, its exception, and the steps from line to line in each function."""

    output: str
    error: str
    places: tuple[tuple[int, str], ...]
    arcs: frozenset[tuple[str, int, int]]


class _Arcs:
    """What a line tracer sees, steps from a line to itself left out, as coverage tools do.

    Python 3.11 gives the clean-up code behind a `finally` or handler the line of its last
    instruction, if it has only one: an event for a line that never ran. Where an exception passed,
    nothing is compared there.
    """

    def __init__(self, path: str) -> None:
        self.found: set[tuple[str, int, int]] = set()
        self.is_sure = True
        self._path = path

    def enter(self, frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != self._path:
            return None
        name, last = frame.f_code.co_qualname, -1

        def step(frame: FrameType, event: str, argument: Any) -> Any:
            nonlocal last
            if event == "exception":
                self.is_sure = sys.version_info >= (3, 12)
            elif event in ("line", "return"):
                line = frame.f_lineno if event == "line" else -2
                if line != last:
                    self.found.add((name, last, line))
                last = line
            return step

        return step


def shown(code: CodeType, path: str) -> Shown:
    """Run a module's code."""
    space: dict[str, Any] = {"__name__": "program", "__file__": path}
    output = io.StringIO()
    error, places = "", []
    arcs, tracer = _Arcs(path), sys.gettrace()
    with contextlib.redirect_stdout(output):
        sys.settrace(arcs.enter)
        try:
            exec(code, space)
        except Exception as found:
            error = "".join(traceback.format_exception_only(found))
            trace = traceback.extract_tb(found.__traceback__)
            places = [(one.lineno or 0, one.name) for one in trace if one.filename == path]
        finally:
            sys.settrace(tracer)
    text = re.sub(r"0x[0-9a-f]+", "0x", output.getvalue())
    return Shown(text, error, tuple(places), frozenset(arcs.found if arcs.is_sure else ()))
