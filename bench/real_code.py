"""Bugs in released libraries (`real/`), explored at default settings and replayed.

    python bench/real_code.py [--racecheck PATH] [--elsewhere PATH] [--seeds N] [--only WORD]

PATH: the command of an interpreter that has racecheck and `real/requirements.txt`; `--elsewhere` is
one of another version, in which each token is replayed as well. Every exploration runs in a process
and a copy of the tests of its own, so that nothing is known from the one before.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from racecheck.core.schedule import Schedule

HERE = Path(__file__).parent / "real"
RESULT = Path(__file__).parent / "results" / "real.md"
LIMIT = 180
"""Seconds that one exploration may take."""

TRIES = 5
"""Runs for one in which the test does not fail by itself."""

FOUND = re.compile(r"found: schedule (\d+), (?:by )?(.+?);")
SURE = re.compile(r"sure: replayed (\d+) of (\d+) times")


@dataclass(frozen=True)
class Seen:
    """What one exploration says of one test: the finding that came first, and with which token."""

    code: str
    schedule: int
    by: str
    replayed: str
    token: str

    @property
    def switches(self) -> int:
        """Deviations from the default order."""
        return len(Schedule.parse(self.token).switches)


def targets(only: str) -> Iterator[str]:
    """All tests, as pytest knows them."""
    for path in sorted(HERE.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                target = f"{path.name}::{node.name}"
                if only in target:
                    yield target


def run(arguments: list[str]) -> Any:
    """What one command found, in a fresh copy of the tests; None if the test failed by itself.

    These tests are racy: once in a while one fails in the ordinary run before its exploration.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "real"
        ignored = shutil.ignore_patterns(".*", "__pycache__")
        shutil.copytree(HERE, place, ignore=ignored)
        written = place / "found.json"
        command = [*arguments, "-q", "-o", f"json:{written}"]
        done = subprocess.run(command, cwd=place, capture_output=True, timeout=LIMIT, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{command}: {done.stdout.decode()}\n{done.stderr.decode()}")
        found = json.loads(written.read_text(encoding="utf-8"))
        return found if found["findings"] or not done.returncode else None


def explored(racecheck: str, target: str, seed: int) -> Seen | None:
    """The first failure of one exploration, None if it passes."""
    for _ in range(TRIES):
        found = run([racecheck, "explore", "--seed", str(seed), target])
        if found is not None:
            seen = [one for one in map(_seen, found["findings"]) if one is not None]
            return min(seen, key=lambda one: (one.schedule, one.switches), default=None)
    return None


def _seen(finding: dict[str, Any]) -> Seen | None:
    evidence = "\n".join(finding["evidence"])
    found, sure = FOUND.search(evidence), SURE.search(evidence)
    token = finding.get("schedule")
    if finding["confidence"] != "confirmed" or not (found and sure and token):
        return None
    replayed = f"{sure[1]}/{sure[2]}"
    return Seen(finding["code"], int(found[1]), found[2], replayed, token)


def replays(racecheck: str, target: str, seen: Seen) -> str:
    """Whether the token shows the same kind of failure in a fresh process."""
    found = None
    for _ in range(TRIES):
        found = found or run([racecheck, "replay", seen.token, target])
    codes = {one["code"] for one in found["findings"]} if found else set()
    return "yes" if seen.code in codes else "no"


def row(target: str, options: argparse.Namespace) -> str:
    """One line of the table."""
    all_seen = [explored(options.racecheck, target, seed) for seed in range(options.seeds)]
    seen = [one for one in all_seen if one is not None]
    name = target.removeprefix("test_").replace(".py::test_", ": ").replace("_", " ")
    if not seen:
        return f"| {name} | 0/{len(all_seen)} | | | | | | | |"
    counts = sorted(one.schedule for one in seen)
    first = seen[0]
    again = replays(options.racecheck, target, first)
    elsewhere = replays(options.elsewhere, target, first) if options.elsewhere else ""
    return (
        f"| {name} | {len(seen)}/{len(all_seen)} | {first.code} | {first.by} |"
        f" {statistics.median(counts):g} ({counts[0]} to {counts[-1]}) | {first.switches} |"
        f" {first.replayed} | {again}, {elsewhere} | `{first.token}` |"
    )


def head(options: argparse.Namespace) -> str:
    """What stands above the rows."""
    versions = [_version(one) for one in (options.racecheck, options.elsewhere) if one]
    return "\n".join(
        (
            "# Bugs in released libraries, explored",
            "",
            f"Default settings, {options.seeds} seeds, each in a process of its own",
            "(`bench/real_code.py`; what the tests are about is in `../real/README.md`).",
            "`fails`: of the seeds. `first`: the schedule that failed first, median and spread of",
            "the seeds. The rest is of the first seed: the code of that finding, the strategy that",
            "found it, the switches that are left after shrinking, how often it was replayed at",
            "once, and whether its token alone fails again in a fresh process of",
            f"{' and in one of '.join(versions)}.",
            "",
            "| test | fails | code | by | first | switches | replayed | replays | token |",
            "|---|---:|---|---|---:|---:|---:|---|---|",
            "",
        )
    )


def _version(racecheck: str) -> str:
    python = Path(racecheck).parent / "python"
    said = subprocess.run([str(python), "--version"], capture_output=True, text=True, check=True)
    return said.stdout.strip()


def main() -> None:
    """Explore all of them and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--racecheck", default="racecheck")
    parser.add_argument("--elsewhere", default="")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    rows = []
    for target in targets(options.only):
        rows.append(row(target, options))
        print(rows[-1], flush=True)
    if not options.only:
        RESULT.write_text(head(options) + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
