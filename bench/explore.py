"""Explorers beside each other, on the same programs: verdicts, first failure, schedules per second.

    python bench/explore.py [--frontrun PYTHON] [--interleave PYTHON] [--only NAME ...]

PYTHON is an interpreter that has the tool installed (frontrun==0.7.*, interleave-test), 3.12 or
later; a tool without one is left out. Each pair of tool and program has a process of its own, one
at a time, all tools on one program before the next program. The programs are those of
tests/explore/programs; peers get them as state, workers and invariant (peers_explore/models.py).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import measure

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE.parent / "tests" / "explore" / "programs"
RESULT = HERE / "results" / "explore.md"
NAMES = tuple(sorted(path.stem for path in PROGRAMS.glob("[pe][01][0-9]_*.py")))
PATIENCE = 60
"""Seconds beyond its own that a process may take before it is called stuck."""

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Tool:
    """One explorer and strategy. `own`: ours. `searches`: its verdicts are looked at, not only
    its speed."""

    title: str
    worker: str
    python: str
    own: bool = False
    searches: bool = True


def tools(options: argparse.Namespace) -> list[Tool]:
    """Those that there is an interpreter for."""
    ours, frontrun, interleave = options.python, options.frontrun, options.interleave
    everything = [
        Tool("racecheck", "with_racecheck:auto", ours, own=True),
        Tool("racecheck random", "with_racecheck:random", ours, own=True, searches=False),
        Tool("frontrun DPOR", "with_frontrun:dpor", frontrun),
        Tool("frontrun random", "with_frontrun:random", frontrun),
        Tool("interleave random", "with_interleave:random", interleave),
        Tool("interleave PCT", "with_interleave:pct", interleave),
    ]
    for tool in everything:
        if not tool.python:
            print(f"{tool.title}: left out, no interpreter given", file=sys.stderr)
    return [tool for tool in everything if tool.python]


def buggy(name: str) -> bool:
    """What the comments of the program say."""
    return "# expect: fails" in (PROGRAMS / f"{name}.py").read_text("utf-8")


def figures(tool: Tool, name: str, rounds: int, seconds: float) -> Figures:
    """What the worker says, or that it said nothing."""
    command = [tool.python, str(HERE / "explore_worker.py"), tool.worker, name]
    command += [str(rounds), str(seconds)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RACECHECK_")}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            timeout=seconds + PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return {"verdicts": {"stuck": 1}, "note": f"no answer within {seconds + PATIENCE:.0f} s"}
    lines = done.stdout.strip().splitlines()
    if not lines or not lines[-1].startswith("{"):
        said = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return {"verdicts": {"broken": 1}, "note": said[:200]}
    found: Figures = json.loads(lines[-1])
    return found


class Table:
    """All figures of one run of the bench."""

    def __init__(self, tools: Sequence[Tool], names: Sequence[str]) -> None:
        self.tools = tools
        self.names = names
        self._found: dict[tuple[Tool, str], Figures] = {}

    def fill(self, rounds: int, seconds: float) -> None:
        for name in self.names:
            for tool in self.tools:
                found = self._found[tool, name] = figures(tool, name, rounds, seconds)
                print(f"{name:24}{tool.title:20}{_line(found)}", flush=True)

    def verdicts(self) -> Iterator[str]:
        searching = [tool for tool in self.tools if tool.searches]
        yield from _head("program", "it", *(tool.title for tool in searching))
        for name in self.names:
            wanted = "fails" if buggy(name) else "passes"
            cells = [self._verdict(tool, name, wanted) for tool in searching]
            yield _row(name, wanted, *cells)
        yield _row("right", "", *(self._right(tool) for tool in searching))

    def first_failures(self) -> Iterator[str]:
        searching = [tool for tool in self.tools if tool.searches]
        yield from _head("program", *(tool.title for tool in searching), "fastest peer : us")
        for name in filter(buggy, self.names):
            cells = [self._time(tool, name) for tool in searching]
            yield _row(name, *cells, self._ratio(name, "again_ms", "fails", least=True))

    def rates(self) -> Iterator[str]:
        yield from _head("program", *(tool.title for tool in self.tools), "us : fastest peer")
        for name in self.names:
            if not buggy(name):
                cells = [self._rate(tool, name) for tool in self.tools]
                yield _row(name, *cells, self._ratio(name, "per_second", "passes", least=False))

    def notes(self) -> Iterator[str]:
        """What tools say about verdicts that are not right."""
        for (tool, name), found in self._found.items():
            wanted = "fails" if buggy(name) else "passes"
            if tool.searches and set(found["verdicts"]) != {wanted}:
                note = " ".join(str(found["note"]).split()) or "says nothing"
                yield f"- {name}, {tool.title}: {note}"

    def _verdict(self, tool: Tool, name: str, wanted: str) -> str:
        verdicts = self._found[tool, name]["verdicts"]
        total = sum(verdicts.values())
        said = ", ".join(
            one if total == count else f"{one} {count}/{total}" for one, count in verdicts.items()
        )
        return said if set(verdicts) == {wanted} else f"**{said}**"

    def _right(self, tool: Tool) -> str:
        wanted = {name: "fails" if buggy(name) else "passes" for name in self.names}
        right = [name for name in self.names if set(self._said(tool, name)) == {wanted[name]}]
        return f"{len(right)} of {len(self.names)}"

    def _said(self, tool: Tool, name: str) -> Mapping[str, int]:
        verdicts: Mapping[str, int] = self._found[tool, name]["verdicts"]
        return verdicts

    def _time(self, tool: Tool, name: str) -> str:
        found = self._found[tool, name]
        if "fails" not in found["verdicts"]:
            return "-"
        schedules = f", {found['schedules']:.0f} schedules" if found["schedules"] else ""
        return f"{found['again_ms']:.0f} ({found['first_ms']:.0f}{schedules})"

    def _rate(self, tool: Tool, name: str) -> str:
        found = self._found[tool, name]
        return f"{found['per_second']:,.0f}" if "passes" in found["verdicts"] else "-"

    def _ratio(self, name: str, figure: str, verdict: str, *, least: bool) -> str:
        """Ours against the best of the others, such that more is better for us."""
        best = min if least else max
        values = {
            own: [
                found[figure]
                for (tool, program), found in self._found.items()
                if program == name and tool.own is own and verdict in found["verdicts"]
            ]
            for own in (True, False)
        }
        if not values[True] or not values[False]:
            return "-"
        ours, theirs = best(values[True]), best(values[False])
        return f"{theirs / ours if least else ours / theirs:.1f}"


def _line(found: Figures) -> str:
    said = ", ".join(f"{one} {count}" for one, count in found["verdicts"].items())
    if "again_ms" not in found:
        return f"{said}: {found['note']}"
    times = f"{found['first_ms']:9.1f} ms first, {found['again_ms']:9.1f} ms again"
    return f"{said:20} {times}, {found['per_second']:8.1f} schedules/s"


def _head(*cells: str) -> Iterator[str]:
    yield _row(*cells)
    yield "|---" + "|---:" * (len(cells) - 1) + "|"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def page(table: Table, rounds: int, load: float) -> str:
    """The whole result as Markdown."""
    out = ["# Explorers", "", f"{measure.machine()}; load before: {load:.1f}.", ""]
    out += [f"Up to {rounds} rounds of each tool on each program, in one process, each round with"]
    out += ["another seed and at most 200 schedules. Peers get a hand-written state, workers and"]
    out += ["invariant for each program and their virtual clocks; racecheck gets the ordinary"]
    out += [
        "test, in one lab for all rounds. Nobody's repeats, shrinking or reports are timed.",
        "",
    ]
    out += ["## Verdicts", "", *table.verdicts(), ""]
    out += ["## Milliseconds to the first failing schedule", ""]
    out += ["Median of the later rounds (in brackets the first one of the process, and the"]
    out += ["median number of schedules).", "", *table.first_failures(), ""]
    out += ["## Schedules per second, where nothing fails", "", *table.rates(), ""]
    out += ["## What was said where the verdict is not right", "", *table.notes(), ""]
    return "\n".join(out)


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="has racecheck; '' leaves it out")
    parser.add_argument("--frontrun", default=os.environ.get("BENCH_FRONTRUN", ""))
    parser.add_argument("--interleave", default=os.environ.get("BENCH_INTERLEAVE", ""))
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--only", nargs="*", default=NAMES, choices=NAMES, metavar="NAME")
    parser.add_argument("--output", type=Path, default=RESULT)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    table = Table(tools(options), options.only)
    table.fill(options.rounds, options.seconds)
    options.output.write_text(page(table, options.rounds, load), encoding="utf-8")


if __name__ == "__main__":
    main()
