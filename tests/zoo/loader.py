"""Finds the programs of the zoo, runs them watched, and holds what was found against their marks.

As a program it is a worker: `python -m tests.zoo.loader BACKEND NAME...` runs programs one after
the other, each in a session and a module of its own, and prints a line of JSON for each. BACKEND
`none`: unwatched.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import re
import sys
import threading
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from racecheck.bridge.watching import Rules
from racecheck.core.finding import Finding
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.session import Session
from racecheck.runtime.waits import Abandoned

HERE = Path(__file__).resolve().parent
BACKENDS = ("rewrite", "settrace", "monitoring")
USABLE = tuple(name for name in BACKENDS if name != "monitoring" or sys.version_info >= (3, 12))
UNWATCHED = "none"
SWITCHES = (0.005, 0.00001)
"""Seconds between two switches of threads: as usual, and as often as can be, in turn."""

_MARK = re.compile(r"#\s*(expect|note|needs|hangs):\s*(.+)")

Marks = dict[tuple[str, str], set[int]]
"""(code, subject) to lines; the subject is empty where any will do."""


@dataclass(frozen=True)
class Program:
    """One file. What it is expected to give stands in its comments."""

    path: Path

    @property
    def name(self) -> str:
        return f"{self.family}/{self.path.stem}"

    @property
    def family(self) -> str:
        return self.path.parent.name

    @cached_property
    def comments(self) -> list[tuple[int, str, str]]:
        found = []
        with self.path.open("rb") as file:
            for token in tokenize.tokenize(file.readline):
                mark = _MARK.match(token.string) if token.type == tokenize.COMMENT else None
                if mark is not None:
                    found.append((token.start[0], mark[1], mark[2]))
        return found

    @property
    def runs_here(self) -> bool:
        needs = [text for _, kind, text in self.comments if kind == "needs"]
        return all(sys.version_info >= tuple(map(int, text.split("."))) for text in needs)

    @property
    def ends(self) -> bool:
        """Whether it comes to an end when nobody watches."""
        return all(kind != "hangs" for _, kind, _ in self.comments)

    @property
    def clean(self) -> bool:
        return not self.marks("expect")

    def marks(self, kind: str) -> Marks:
        found: Marks = {}
        for line, word, text in self.comments:
            if word == kind:
                for part in re.split(r",\s*(?=RC\d)", text.strip()):
                    code, _, subject = part.partition(" ")
                    found.setdefault((code, subject), set()).add(line)
        return found


@dataclass(frozen=True, order=True)
class Found:
    """A finding, as far as marks speak of it. `lines`: those of its sides in the program."""

    code: str
    subject: str
    severity: str
    lines: tuple[int, ...]
    message: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of one program. `error`: it did not end as it does without us.

    `left`: it has left a thread behind, so that its process is of no more use.
    """

    name: str
    found: tuple[Found, ...] = ()
    error: str = ""
    faults: tuple[str, ...] = ()
    left: bool = False

    @classmethod
    def read(cls, line: str) -> Outcome:
        fields = json.loads(line)
        found = tuple(Found(**{**one, "lines": tuple(one["lines"])}) for one in fields["found"])
        return cls(**{**fields, "found": found, "faults": tuple(fields["faults"])})


def programs() -> list[Program]:
    """All of the zoo, in order."""
    return [Program(path) for path in sorted(HERE.glob("*/*.py"))]


def mistakes(program: Program, outcome: Outcome) -> list[str]:
    """Where what was found and the marks differ; nothing if they agree."""
    said = [outcome.error] if outcome.error else []
    said += [f"inside racecheck: {fault}" for fault in outcome.faults]
    loud = [one for one in outcome.found if one.severity != "note"]
    quiet = [one for one in outcome.found if one.severity == "note"]
    said += _missed("missed alarm", program.marks("expect"), loud)
    said += _missed("missed note", program.marks("note"), quiet)
    said += _surplus(program.marks("expect"), loud)
    return said


def _missed(
    word: str, marks: Mapping[tuple[str, str], set[int]], found: Sequence[Found]
) -> Iterator[str]:
    for (code, subject), lines in marks.items():
        seen = {n for one in found if _fits(one, code, subject) for n in one.lines}
        if lines - seen:
            yield f"{word}: {code} {subject} at {sorted(lines - seen)}"


def _surplus(marks: Mapping[tuple[str, str], set[int]], found: Sequence[Found]) -> Iterator[str]:
    for one in found:
        lines = {n for (code, name), at in marks.items() if _fits(one, code, name) for n in at}
        if not lines or set(one.lines) - lines:
            yield f"false alarm: {one.code} {one.subject} at {list(one.lines)}: {one.message}"


def _fits(found: Found, code: str, subject: str) -> bool:
    return found.code == code and subject in ("", found.subject)


def execute(program: Program, backend: str) -> Outcome:
    """Run one program in this process."""
    session = None if backend == UNWATCHED else Session(_options(program, backend))
    before = set(threading.enumerate())
    with _ready(program), _silence():
        found, error = _watched(program, session)
    shown = sorted(_shown(program, found))
    faults = tuple(session.faults()) if session is not None else ()
    left = bool(set(threading.enumerate()) - before)
    return Outcome(program.name, tuple(shown), error, faults, left)


def _options(program: Program, backend: str) -> RuntimeOptions:
    return RuntimeOptions(
        backend=backend,
        trace=(str(program.path),),
        root=str(HERE),
        hang_timeout=0.5,
        hang_action="fail",
        notes=True,
        rules=Rules(),
    )


def _watched(program: Program, session: Session | None) -> tuple[list[Finding], str]:
    """What was found, and the exception that the program ended with, if there was one."""
    error, found = "", []
    if session is not None:
        session.start()
    try:
        importlib.import_module(program.path.stem).main()
    except Abandoned:
        pass
    except Exception as failure:
        error = f"{type(failure).__name__}: {failure}"
    finally:
        if session is not None:
            found = session.findings()
            session.stop()
    return found, error


@contextlib.contextmanager
def _ready(program: Program) -> Iterator[None]:
    """The program can be imported, as a module that nobody has met before."""
    folder = str(program.path.parent)
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)
        sys.modules.pop(program.path.stem, None)


def _shown(program: Program, findings: Iterable[Finding]) -> Iterator[Found]:
    for one in findings:
        places = [one.place, *(step.place for step in one.steps)]
        lines = {place.line for place in places if Path(place.path).name == program.path.name}
        severity = str(one.severity)
        yield Found(one.code, one.subject, severity, tuple(sorted(lines)), one.message)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """What programs print is not ours to show."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def work(backend: str, names: Sequence[str]) -> None:
    """The worker. It gives up after a program that has left a thread behind."""
    known = {program.name: program for program in programs()}
    times: Counter[str] = Counter()
    for name in names:
        sys.setswitchinterval(SWITCHES[times[name] % len(SWITCHES)])
        times[name] += 1
        outcome = execute(known[name], backend)
        gc.collect()
        sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
        sys.stdout.flush()
        if outcome.left:
            break
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2:])
