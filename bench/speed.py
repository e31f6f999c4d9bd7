"""How fast lint is, as ratios measured in one run beside a bare parse and other linters.

    python bench/speed.py FOLDER         FOLDER holds the packages, or receives them

Every part is a list of paired runs; the page shows median (lowest to highest).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import corpus
import measure
import peers
import worker
from measure import Spread

RESULT = Path(__file__).parent / "results" / "speed.md"
PROJECT_LINES = 100_000
EDITED_LINES = 500
SEED = 11
_WORDS = (b"threading", b"Lock(", b"ThreadPoolExecutor")


class Bench:
    """The mixed corpus, a folder to work in and the command that is measured."""

    def __init__(self, root: Path, work: Path, racecheck: list[str], rounds: int) -> None:
        self.work = work
        self.rounds = rounds
        self.racecheck = racecheck
        self.folders = corpus.fetch(root, corpus.packages("mix"))
        self.files = [path for folder in self.folders for path in corpus.python_files(folder)]
        self.lines = corpus.lines_of(self.files)
        self._caches = 0

    def lint(self, folders: list[Path], cache: Path | None, *options: str) -> measure.Usage:
        """One run of lint; without a cache folder, without a cache."""
        command = [*self.racecheck, "lint", *map(str, folders), "--output-format", "json"]
        command += ["--isolated", *options]
        command += ["--cache-dir", str(cache)] if cache else ["--no-cache"]
        return measure.checked(measure.run(command, self.work), command)

    def new_cache(self) -> Path:
        """An empty folder for a cache."""
        self._caches += 1
        return self.work / f"cache-{self._caches}"

    def sample(self, name: str, lines: int) -> Path:
        """A folder with random files of the corpus, `lines` lines or slightly more."""
        target = self.work / name
        chosen = list(self.files)
        random.Random(SEED).shuffle(chosen)
        count = 0
        for path in chosen:
            if count >= lines:
                break
            folder = next(one for one in self.folders if one in path.parents)
            copy = target / folder.name.replace("-", "_") / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            count += corpus.lines_of([path])
        return target


def throughput(bench: Bench) -> Iterator[str]:
    """Cold and cached runs over the whole mix, each round beside a bare parse."""
    parse = peers.bare_parse(sys.executable, bench.files, bench.work)
    runs: dict[str, list[measure.Usage]] = {"parse": [], "cold": [], "cached": [], "one": []}
    for _ in range(bench.rounds):
        cache = bench.new_cache()
        runs["parse"].append(measure.checked(measure.run(parse), parse))
        runs["cold"].append(bench.lint(bench.folders, cache))
        runs["cached"].append(bench.lint(bench.folders, cache))
        runs["one"].append(bench.lint(bench.folders, None, "--jobs", "1"))
    yield f"## Mixed code: {len(bench.files):,} files, {bench.lines:,} lines\n"
    yield "| run | lines/s, wall | lines/s of CPU | times the bare parse (wall) | (CPU) | peak MB |"
    yield "|---|---:|---:|---:|---:|---:|"
    titles = {
        "parse": "bare `libcst.parse_module` of every file, one process",
        "cold": "lint, empty cache",
        "cached": "lint, cache just filled",
        "one": "lint, no cache, one process",
    }
    for key, title in titles.items():
        walls = Spread.of(bench.lines / run.wall for run in runs[key])
        cpus = Spread.of(bench.lines / run.cpu for run in runs[key])
        pairs = list(zip(runs["parse"], runs[key], strict=True))
        wall = Spread.of(base.wall / run.wall for base, run in pairs)
        cpu = Spread.of(base.cpu / run.cpu for base, run in pairs)
        peak = max(run.tree_mb for run in runs[key])
        cells = [title, walls.show(0), cpus.show(0), wall.show(1), cpu.show(1), f"{peak:.0f}"]
        yield f"| {' | '.join(cells)} |"


def comparison(bench: Bench, commands: Path) -> Iterator[str]:
    """Each other linter on a random part of the mix, in pairs with lint and a bare parse."""
    yield "## Beside other linters\n"
    yield "One process each, no cache, start-up included. The last two columns: their CPU time"
    yield "divided by ours, and ours by the bare parse's, on the same files.\n"
    yield "| linter | lines | its CPU s | our CPU s | bare parse CPU s | it : us | us : parse |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for peer in peers.peers(commands, bench.work):
        folder = bench.sample(f"sample-{peer.lines}", peer.lines)
        files = list(corpus.python_files(folder))
        parse = peers.bare_parse(sys.executable, files, bench.work)
        theirs, ours, bare = [], [], []
        for _ in range(bench.rounds):
            theirs.append(measure.run(peer.command, folder).cpu)
            ours.append(bench.lint([folder], None, "--jobs", "1").cpu)
            bare.append(measure.run(parse).cpu)
        ratio = Spread.of(a / b for a, b in zip(theirs, ours, strict=True))
        share = Spread.of(a / b for a, b in zip(ours, bare, strict=True))
        cells = [peer.name, f"{corpus.lines_of(files):,}"]
        cells += [Spread.of(times).show() for times in (theirs, ours, bare)]
        yield f"| {' | '.join([*cells, ratio.show(1), share.show()])} |"


def edited(bench: Bench) -> Iterator[str]:
    """One file of a project changes, everything else is in the cache."""
    project = bench.sample("project", PROJECT_LINES)
    files = list(corpus.python_files(project))
    target = min(files, key=_distance)
    cache = bench.new_cache()
    bench.lint([project], cache)
    walls, cpus = [], []
    for number in range(max(5, bench.rounds)):
        with target.open("a", encoding="utf-8") as stream:
            stream.write(f"\n\ndef edited_{number}():\n    return {number}\n")
        run = bench.lint([project], cache)
        walls.append(run.wall)
        cpus.append(run.cpu)
    lines = corpus.lines_of(files)
    yield f"## One edited file of {corpus.lines_of([target])} lines, project of {lines:,} lines\n"
    yield f"{Spread.of(walls).show()} s wall, {Spread.of(cpus).show()} s of CPU."


def _distance(path: Path) -> int:
    """How far from a file of the wanted size that must be parsed again."""
    data = path.read_bytes()
    threaded = any(word in data for word in _WORDS)
    return abs(data.count(b"\n") - EDITED_LINES) + (0 if threaded else 1_000_000)


def start_up(bench: Bench) -> Iterator[str]:
    """`--version` in pairs with an empty script."""
    ours, empty = [], []
    for _ in range(max(11, bench.rounds)):
        ours.append(1000 * measure.run([*bench.racecheck, "--version"]).cpu)
        empty.append(1000 * measure.run([sys.executable, "-c", "pass"]).cpu)
    yield "## `--version`\n"
    yield f"{Spread.of(ours).show(0)} ms of CPU; an empty script {Spread.of(empty).show(0)} ms."


def outside_parse(bench: Bench) -> Iterator[str]:
    """What a worker does besides the parse."""
    shares, kept, lines = worker.shares(bench.files)
    yield "## A worker's CPU outside the parse\n"
    percent = Spread.of(100 * share for share in shares)
    yield f"{percent.show(1)} % of the CPU time of reading a file, over {len(shares)} parts of the"
    yield f"{kept} files ({lines:,} lines, {lines / bench.lines:.0%} of the mix) that the prefilter"
    yield "keeps; each file is read by the worker's function and parsed bare, in turn, and the"
    yield f"least of {worker.ROUNDS} turns counts."


def main() -> None:
    """Measure every part, write the page after each, so that a fault loses little."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="where the packages are, or are put")
    parser.add_argument("--racecheck", help="the command to measure (default: this Python's)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", help="names of parts")
    parser.add_argument("--output", type=Path, default=RESULT)
    options = parser.parse_args()
    root = options.folder.resolve()
    own = [str(Path(options.racecheck).resolve())] if options.racecheck else None
    with tempfile.TemporaryDirectory(prefix="racecheck-bench-") as name:
        bench = Bench(root, Path(name), own or [sys.executable, "-m", "racecheck"], options.rounds)
        parts: dict[str, Callable[[], Iterator[str]]] = {
            "throughput": lambda: throughput(bench),
            "comparison": lambda: comparison(bench, peers.install(root / ".peers")),
            "outside_parse": lambda: outside_parse(bench),
            "edited": lambda: edited(bench),
            "start_up": lambda: start_up(bench),
        }
        out = ["# Speed", "", f"{measure.machine()}; {bench.rounds} rounds."]
        for part, measured in parts.items():
            if options.only and part not in options.only:
                continue
            before = os.getloadavg()[0]
            out += ["", *measured(), "", f"(load before: {before:.1f})"]
            print(f"{part}: done", file=sys.stderr)
            options.output.parent.mkdir(parents=True, exist_ok=True)
            options.output.write_text("\n".join([*out, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
