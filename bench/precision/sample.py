"""Draw findings at random for a reader: a sheet with the source, and a table for the verdicts.

    python bench/precision/sample.py FOLDER --count 60 --sheet sheet.md --table verdicts.md

FOLDER holds the packages of `bench/corpus.toml`, or receives them. The sheet quotes other people's
source and stays out of the repository; the table, once filled in, is kept beside this file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import corpus

CONTEXT = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finding with the package it was found in."""

    package: corpus.Package
    finding: dict[str, Any]

    @property
    def path(self) -> str:
        """Relative to the package's folder."""
        return str(self.finding["path"])

    def rank(self, seed: int) -> bytes:
        """Place in the draw; depends on nothing but the finding and the seed.

        So a draw repeated after a fix keeps every finding that is still reported.
        """
        parts = (str(seed), self.package.name, self.path, self.finding["fingerprint"])
        return blake2b("\0".join(parts).encode(), digest_size=16).digest()


def findings(package: corpus.Package, root: Path, command: list[str]) -> list[Drawn]:
    """All findings of a package in its own production code."""
    folder = package.folder(root)
    done = subprocess.run(
        [*command, "lint", ".", "--output-format", "json", "--no-cache", "--isolated"],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if done.returncode == 3 or not done.stdout:
        raise SystemExit(f"{package.name}: exit {done.returncode}\n{done.stderr[-1000:]}")
    found = json.loads(done.stdout)["findings"]
    return [Drawn(package, one) for one in found if package.own(one["path"])]


def draw(pool: list[Drawn], count: int, seed: int, seen: set[str]) -> list[Drawn]:
    """The first `count` in the order of their ranks, without those judged before."""
    fresh = [one for one in pool if one.finding["fingerprint"] not in seen]
    return sorted(fresh, key=lambda one: one.rank(seed))[:count]


def sheet(number: int, drawn: Drawn, root: Path, context: int) -> str:
    """One finding with the source around each of its places."""
    one = drawn.finding
    head = f"## {number}. {one['code']} {one['name']}: `{one['subject']}`"
    out = [head, "", f"**{drawn.package.name}** {one['path']}:{one['line']}", ""]
    out += [f"{one['severity']}, {one['confidence']}: {one['message']}", ""]
    out += [f"- {line}" for line in one["evidence"]]
    shown: set[tuple[str, int]] = set()
    for step in [one, *one["related"]]:
        if (step["path"], step["line"]) in shown:
            continue
        shown.add((step["path"], step["line"]))
        out += ["", _step_title(step), "", "```python"]
        out += [*_excerpt(drawn.package.folder(root) / step["path"], step["line"], context), "```"]
    return "\n".join([*out, "", "verdict:", "", "why:", "", ""])


def _step_title(step: dict[str, Any]) -> str:
    held = ", ".join(step.get("held") or []) or "no lock"
    words = [step.get("role", "reported"), step.get("thread", ""), f"holding {held}"]
    title = f"{step['path']}:{step['line']} ({'; '.join(word for word in words if word)})"
    return f"{title} {step['message']}" if "role" in step and step.get("message") else title


def _excerpt(path: Path, line: int, context: int) -> list[str]:
    try:
        rows = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        return [f"(unreadable: {error.strerror})"]
    first = max(1, line - context)
    return [
        f"{'>' if number == line else ' '}{number:5d}  {text}"
        for number, text in enumerate(rows[first - 1 : line + context], first)
    ]


def table(drawn: list[Drawn], pool: int, seed: int) -> str:
    """The list to be filled in and kept: facts and places, no source."""
    out = [f"Seed {seed}; {len(drawn)} of {pool} findings in production code.", ""]
    out += ["| # | package | place | code | subject | fingerprint | verdict | why |"]
    out += ["|---:|---|---|---|---|---|---|---|"]
    for number, one in enumerate(drawn, 1):
        finding = one.finding
        place = f"{finding['path']}:{finding['line']}"
        subject = finding["subject"].replace("|", "\\|")
        cells = [str(number), one.package.name, place, finding["code"], f"`{subject}`"]
        out.append(f"| {' | '.join([*cells, finding['fingerprint']])} | | |")
    return "\n".join([*out, ""])


def _judged(tables: list[Path]) -> set[str]:
    rows = [row for path in tables for row in path.read_text(encoding="utf-8").splitlines()]
    cells = [row.split(" | ") for row in rows if row.startswith("| ")]
    return {row[5].strip() for row in cells if len(row) > 6}


def main() -> None:
    """Lint, draw, write both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="where the packages are, or are put")
    kinds = ("package", "reserve", "second", "third")
    parser.add_argument("--kind", choices=kinds, default="package")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--context", type=int, default=CONTEXT, help="lines on each side")
    parser.add_argument("--only", nargs="*", help="names of packages")
    parser.add_argument("--code", default="", help="only codes that start so")
    parser.add_argument("--fresh", nargs="*", type=Path, default=[], help="leave out these tables")
    parser.add_argument("--racecheck", help="the command to use (default: this Python's)")
    parser.add_argument("--sheet", type=Path, required=True)
    parser.add_argument("--table", type=Path, required=True)
    options = parser.parse_args()
    root = options.folder.resolve()
    known = corpus.packages(options.kind)
    wanted = [p for p in known if not options.only or p.name in options.only]
    corpus.fetch(root, wanted)
    command = [options.racecheck] if options.racecheck else [sys.executable, "-m", "racecheck"]
    everything = [one for package in wanted for one in findings(package, root, command)]
    pool = [one for one in everything if one.finding["code"].startswith(options.code)]
    drawn = draw(pool, options.count, options.seed, _judged(options.fresh))
    sheets = [sheet(n, one, root, options.context) for n, one in enumerate(drawn, 1)]
    options.sheet.write_text("\n".join(sheets), encoding="utf-8")
    options.table.write_text(table(drawn, len(pool), options.seed), encoding="utf-8")
    print(f"{len(drawn)} of {len(pool)} findings", file=sys.stderr)


if __name__ == "__main__":
    main()
