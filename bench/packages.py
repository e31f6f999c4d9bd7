"""Lint each package of the corpus, cold and cached, and write the table of results.

    python bench/packages.py FOLDER      FOLDER holds the packages, or receives them

Each package is linted in one go, with an empty cache and again with the cache just filled.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import corpus
import measure

RESULT = Path(__file__).parent / "results" / "packages.md"
HEAD = (
    "| package | files | lines | findings | per 1,000 lines | cold s | cold CPU s | cached s "
    "| peak MB | exit |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One linted package."""

    name: str
    files: int
    lines: int
    cold: measure.Usage
    cached: measure.Usage
    codes: collections.Counter[str]
    problems: list[str]

    def show(self) -> str:
        """As a line of the table."""
        count = self.codes.total()
        peak = max(self.cold.tree_mb, self.cached.tree_mb)
        return (
            f"| {self.name} | {self.files:,} | {self.lines:,} | {count} "
            f"| {1000 * count / max(1, self.lines):.2f} | {self.cold.wall:.1f} "
            f"| {self.cold.cpu:.1f} | {self.cached.wall:.2f} | {peak:.0f} | {self.cold.code} |"
        )


def lint(package: corpus.Package, root: Path, racecheck: list[str], options: list[str]) -> Row:
    """Lint one package twice in a cache of its own."""
    folder = package.folder(root)
    with tempfile.TemporaryDirectory(prefix="racecheck-bench-") as cache:
        command = [*racecheck, "lint", str(folder), "--isolated", "--cache-dir", cache]
        command += ["--output-format", "json", *options]
        cold, cached = (measure.run(command, root) for _ in range(2))
    files = list(corpus.python_files(folder))
    result = _parsed(cold)
    if cold.code in (0, 1) and _parsed(cached)["findings"] != result["findings"]:
        raise SystemExit(f"{package.name}: the cached run found something else")
    codes = collections.Counter(finding["code"] for finding in result["findings"])
    problems = [str(error.get("message", error)) for error in result["errors"]]
    name = f"{package.name} {package.version}"
    return Row(name, len(files), corpus.lines_of(files), cold, cached, codes, problems)


def _parsed(usage: measure.Usage) -> dict[str, Any]:
    try:
        result: dict[str, Any] = json.loads(usage.output)
    except ValueError:
        tail = usage.output.strip().splitlines()[-1:] or ["no output"]
        return {"findings": [], "errors": [{"message": f"exit {usage.code}: {tail[0]}"}]}
    return result


def page(rows: list[Row]) -> str:
    """The whole result as Markdown."""
    total = _total(rows)
    out = ["# Twelve packages", "", f"{measure.machine()}; {measure.load()}.", ""]
    out += ["Every package in one go, at the default confidence: once with an empty cache,"]
    out += ["once with the cache just filled. Lines are all lines of all Python files, tests"]
    out += ["included. Peak memory is the sum over racecheck's processes (proportional set size,"]
    out += ["sampled). Exit 1 means findings, 0 none, 2 an unreadable file, 3 a crash.", ""]
    out += [HEAD, *(row.show() for row in rows), total, "", "## Findings per rule", ""]
    codes: collections.Counter[str] = sum((row.codes for row in rows), collections.Counter())
    out += ["| code | " + " | ".join(row.name.split()[0] for row in rows) + " | all |"]
    out += ["|---|" + "---:|" * (len(rows) + 1)]
    for code in sorted(codes):
        cells = [str(row.codes[code] or "") for row in rows]
        out.append(f"| {code} | " + " | ".join(cells) + f" | {codes[code]} |")
    out += ["", "## Files that could not be read", ""]
    problems = [f"- {row.name}: {problem}" for row in rows for problem in row.problems]
    return "\n".join([*out, *(problems or ["none"]), ""])


def _total(rows: list[Row]) -> str:
    count = sum(row.codes.total() for row in rows)
    lines = sum(row.lines for row in rows)
    cold = sum(row.cold.wall for row in rows)
    cached = sum(row.cached.wall for row in rows)
    peak = max(max(row.cold.tree_mb, row.cached.tree_mb) for row in rows)
    return (
        f"| **all** | {sum(row.files for row in rows):,} | {lines:,} | {count} "
        f"| {1000 * count / max(1, lines):.2f} | {cold:.1f} "
        f"| {sum(row.cold.cpu for row in rows):.1f} | {cached:.2f} | {peak:.0f} | |"
    )


def main() -> None:
    """Fetch, lint, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="where the packages are, or are put")
    parser.add_argument("--racecheck", help="the command to measure (default: this Python's)")
    parser.add_argument("--only", nargs="*", help="names of packages")
    parser.add_argument("--option", action="append", default=[], help="passed to lint")
    parser.add_argument("--output", type=Path, default=RESULT)
    options = parser.parse_args()
    wanted = [p for p in corpus.packages() if not options.only or p.name in options.only]
    root = options.folder.resolve()
    corpus.fetch(root, wanted)
    racecheck = [options.racecheck] if options.racecheck else [sys.executable, "-m", "racecheck"]
    rows = []
    for package in wanted:
        rows.append(lint(package, root, racecheck, options.option))
        print(rows[-1].show(), file=sys.stderr)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
