"""The programs with known answers: what their comments expect, and what an exploration says.

As a program it is a worker: `python -m tests.explore.known SEED NAME...` explores programs one
after the other, each in a lab and a module of its own, and prints a line of JSON for each. SEED
`plain`: each is run a few times as it is, and nobody explores.
"""

from __future__ import annotations

import faulthandler
import importlib
import json
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tests.processes import lines_of

if TYPE_CHECKING:
    from racecheck.explore.verdict import Found, Verdict

HERE = Path(__file__).resolve().parent / "programs"
PLAIN = "plain"
WORKER = "tests.explore.known"
TIMES = 5
"""Plain runs of each program."""

FEW = 2
"""Switches that may be left, though fewer would do: shrinking only takes away."""

LIMIT = 60.0
"""Seconds for one program, beyond anything that a slow machine needs."""

_MARK = re.compile(r"^# (expect|switches): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Expected:
    """One `# expect: fails ...`: what kind, what exactly, with how many switches at most."""

    kind: str
    what: str
    switches: int

    def met_by(self, failure: Shown) -> bool:
        if self.kind == "race":
            return failure.kind == "race" and failure.text == self.what
        if self.kind == "deadlock":
            return failure.kind == "deadlock"
        error = "AssertionError" if self.kind == "assertion" else self.what
        return failure.error == error

    def __str__(self) -> str:
        return f"{self.kind} {self.what}".strip()


@dataclass(frozen=True)
class Shown:
    """A failure that was found, and what is known of its schedule."""

    kind: str
    text: str
    error: str
    place: str
    switches: int
    replayed: int
    replays: int
    number: int
    token: str


@dataclass(frozen=True)
class Said:
    """What came of one program. `error`: it could not be explored, or did not end.

    `noise`: what was written to stderr meanwhile.
    """

    name: str
    outcome: str = ""
    failures: tuple[Shown, ...] = ()
    complete: bool = False
    reason: str = ""
    schedules: int = 0
    seconds: float = 0.0
    repeats: str = ""
    uncontrolled: tuple[str, ...] = ()
    noise: str = ""
    error: str = ""

    @classmethod
    def read(cls, line: str) -> Said:
        fields = json.loads(line)
        failures = tuple(Shown(**one) for one in fields["failures"])
        uncontrolled = tuple(fields["uncontrolled"])
        return cls(**{**fields, "failures": failures, "uncontrolled": uncontrolled})


@dataclass(frozen=True)
class Program:
    """One file. What it is expected to do stands in its comments."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @cached_property
    def _marks(self) -> list[tuple[str, str]]:
        return _MARK.findall(self.path.read_text("utf-8"))

    @cached_property
    def expected(self) -> list[Expected]:
        """Its failures; the one that is most visible comes first."""
        found = []
        pairs = zip(self._marks[::2], self._marks[1::2], strict=True)
        for (expect, text), (switches, number) in pairs:
            assert (expect, switches) == ("expect", "switches"), self.name
            verdict, _, rest = text.partition(" ")
            if verdict == "fails":
                kind, _, what = rest.partition(" ")
                assert kind in ("race", "exception", "deadlock", "assertion"), self.name
                found.append(Expected(kind, what, int(number)))
            else:
                assert text in ("passes", "passes complete"), self.name
        return found

    @property
    def clean(self) -> bool:
        return not self.expected

    @property
    def complete(self) -> bool:
        return ("expect", "passes complete") in self._marks


def programs() -> list[Program]:
    """All of them, in order."""
    return [Program(path) for path in sorted(HERE.glob("*.py"))]


def mistakes(program: Program, said: Said) -> list[str]:
    """Where the answer differs from what is known."""
    if said.error:
        return [said.error]
    wrong = [f"does not repeat: {said.repeats}"] if said.repeats else []
    if program.clean:
        wrong += [f"{said.outcome}: {said.reason}"] if said.outcome == "inconclusive" else []
        wrong += ["not said to be complete"] if program.complete and not said.complete else []
    elif not any(program.expected[0].met_by(one) for one in said.failures):
        wrong.append(f"missed alarm: {program.expected[0]} ({said.outcome} {said.reason})")
    for one in said.failures:
        known = next((expected for expected in program.expected if expected.met_by(one)), None)
        if known is None:
            wrong.append(f"false alarm: {one.kind} {one.text} at {one.place}")
            continue
        if one.switches > max(known.switches, FEW):
            wrong.append(
                f"{known}: {one.switches} switches, {known.switches} would do: {one.token}"
            )
        if one.replayed < one.replays:
            wrong.append(f"{known}: replayed {one.replayed} of {one.replays} times: {one.token}")
    return wrong


def shared(seed: int | str, names: Sequence[str], worker: str = WORKER) -> dict[str, Said]:
    """The same as `answers`, worked out once for all of pytest's worker processes."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        return answers(seed, names, worker)
    folder = Path(tempfile.gettempdir()) / f"racecheck-{run}-{worker}-{seed}-{len(names)}"
    told = folder / "told"
    try:
        folder.mkdir()
    except FileExistsError:
        while not told.exists():
            time.sleep(0.2)
        lines = told.read_text("utf-8").splitlines()
        return {said.name: said for said in map(Said.read, lines)}
    found = answers(seed, names, worker)
    text = "".join(json.dumps(asdict(said)) + "\n" for said in found.values())
    (folder / "begun").write_text(text, "utf-8")
    (folder / "begun").rename(told)
    return found


def answers(seed: int | str, names: Sequence[str], worker: str = WORKER) -> dict[str, Said]:
    """One answer for each name; a program that hangs or kills its process takes none along."""
    found: list[Said] = []
    while len(found) < len(names):
        with tempfile.TemporaryFile("w+") as errors:
            before = len(found)
            command = [worker, str(seed), *names[before:]]
            found += map(Said.read, lines_of(command, errors, LIMIT + 5))
            if len(found) == len(names):
                break
            errors.seek(0)
            found.append(Said(names[len(found)], error=f"hangs or dies: {errors.read()[-3000:]}"))
    return {said.name: said for said in found}


def explored(name: str, seed: int) -> Said:
    """One program, explored as by default."""
    # Why here: neither plain runs nor the process that starts workers need an explorer.
    from racecheck.bridge.exploring import WATCH
    from racecheck.bridge.watching import Rules
    from racecheck.explore.explorer import Explorer, Plan
    from racecheck.explore.lab import Lab
    from racecheck.runtime.options import RuntimeOptions

    options = RuntimeOptions(watch=WATCH, trace=(str(HERE),), root=str(HERE), rules=Rules())
    with Lab(options) as lab:
        test = importlib.import_module(name).test
        lab.note_state()
        said = Explorer(lab, test, Plan(seed=seed), target=name).explore()
    return shown(name, said)


def shown(name: str, said: Verdict, noise: str = "") -> Said:
    """The same, to be handed on."""
    return Said(
        name=name,
        outcome=said.outcome,
        failures=tuple(_shown(one) for one in said.found),
        complete=said.complete,
        reason=said.reason,
        schedules=said.schedules,
        seconds=said.seconds,
        repeats=said.repeats,
        uncontrolled=said.uncontrolled,
        noise=noise,
    )


def _shown(found: Found) -> Shown:
    failure = found.failure
    return Shown(
        kind=failure.kind,
        text=failure.text,
        error=type(failure.error).__name__ if failure.error is not None else "",
        place=failure.place,
        switches=len(found.schedule.switches),
        replayed=found.replayed,
        replays=found.replays,
        number=found.number,
        token=str(found.schedule),
    )


def plainly(name: str) -> Said:
    """One program, run as any test is: whatever goes wrong in it is told."""
    wrong: list[str] = []
    threading.excepthook = lambda error: wrong.append(error.exc_type.__name__)
    for _ in range(TIMES):
        sys.modules.pop(name, None)
        try:
            importlib.import_module(name).test()
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")
    return Said(name, outcome="passes", error=", ".join(wrong))


def work(seed: str, names: Sequence[str]) -> None:
    """The worker."""
    sys.path.insert(0, str(HERE))

    def one(name: str) -> Said:
        said = plainly(name) if seed == PLAIN else explored(name, int(seed))
        sys.modules.pop(name, None)
        return said

    finish(names, one)


def finish(names: Sequence[str], explore: Callable[[str], Said]) -> None:
    """Explore one after the other, tell of each, and end this process."""
    for name in names:
        faulthandler.dump_traceback_later(LIMIT, exit=True)
        said = explore(name)
        faulthandler.cancel_dump_traceback_later()
        sys.stdout.write(json.dumps(asdict(said)) + "\n")
        sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2:])
