"""What watching costs: each workload plain and watched, in turn, in one run.

    python bench/runtime.py [--rounds N] [--python PATH ...] [--pyvft FOLDER] [--suite FOLDER ...]
        [--only WORKLOAD ...] [--no-page]

The interpreters must have racecheck installed. A workload measures its own CPU time, without
start-up, and its peak memory. `--suite` adds the own tests of a package: whole processes,
start-up included. `--pyvft` adds that tool, unpacked in FOLDER, on the same programs.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import measure
from measure import Spread

HERE = Path(__file__).parent
RESULT = HERE / "results" / "runtime.md"
WORKLOADS = ("attributes", "locks", "paths", "queues")
BACKENDS = ("rewrite", "monitoring", "settrace")
FEWER = {"settrace": 4, "monitoring": 4}
"""These run a fraction of the steps: a ratio does not need them all."""

STEPS = {"attributes": 3_000, "locks": 40_000, "paths": 4_000, "queues": 10_000}


@dataclass(frozen=True)
class Cost:
    """CPU seconds and peak megabytes of one run."""

    cpu: float
    megabytes: float


def run(command: Sequence[str], environment: dict[str, str]) -> Cost:
    """Run a workload; it prints what it cost."""
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=600, check=False
    )
    found = re.findall(r"^(\d+\.\d+) (\d+)$", done.stdout, re.MULTILINE)
    if not found:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    cpu, peak = found[-1]
    return Cost(float(cpu), int(peak) / 1024)


def pairs(
    plain: list[str], watched: list[str], rounds: int, environment: dict[str, str]
) -> tuple[Spread, Spread, Spread]:
    """(ratio of CPU, plain CPU seconds, ratio of memory) over paired runs."""
    run(watched, environment)  # fills caches
    ratios, seconds, memory = [], [], []
    for turn in range(rounds):
        first, second = (plain, watched) if turn % 2 else (watched, plain)
        costs = {id(first): run(first, environment), id(second): run(second, environment)}
        base, ours = costs[id(plain)], costs[id(watched)]
        ratios.append(ours.cpu / base.cpu)
        seconds.append(base.cpu)
        memory.append(ours.megabytes / base.megabytes)
    return Spread.of(ratios), Spread.of(seconds), Spread.of(memory)


def version(python: str) -> str:
    """`3.13.0`."""
    code = "import platform; print(platform.python_version())"
    return subprocess.check_output([python, "-c", code], text=True).strip()


def rows(
    pythons: Sequence[str], rounds: int, pyvft: str, workloads: Sequence[str]
) -> Iterator[str]:
    """The table of the workloads."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RACECHECK_")}
    for python in pythons:
        number = version(python)
        for workload in workloads:
            program = str(HERE / "workloads" / f"{workload}.py")
            for backend in BACKENDS:
                if backend == "monitoring" and number < "3.12":
                    continue
                steps = str(STEPS[workload] // FEWER.get(backend, 1))
                plain = [python, program, steps]
                watched = [python, "-m", "racecheck", "run", "--backend", backend, program, steps]
                yield row(workload, number, backend, pairs(plain, watched, rounds, environment))
            # Why not queues: it breaks the import of concurrent.futures.
            if pyvft and workload != "queues":
                steps = str(STEPS[workload] // 20)
                with_pyvft = environment | {"PYTHONPATH": pyvft}
                watched = [python, "-m", "pyvft", program, steps]
                plain = [python, program, steps]
                yield row(workload, number, "pyvft", pairs(plain, watched, rounds, with_pyvft))


def row(workload: str, python: str, name: str, found: tuple[Spread, Spread, Spread]) -> str:
    """One line of the table, printed as soon as it is known."""
    ratio, seconds, memory = found
    cells = (workload, python, name, ratio.show(1), seconds.show(3), memory.show(1))
    text = f"| {' | '.join(cells)} |"
    print(text, flush=True)
    return text


def suites(pythons: Sequence[str], folders: Sequence[str], rounds: int) -> Iterator[str]:
    """The table of ordinary test suites: CPU of whole processes."""
    for python in pythons:
        for folder in folders:
            # Why no:rerunfailures: its thread would keep the gate open in every test.
            base = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
            base += ["-p", "no:rerunfailures"]
            for backend in BACKENDS:
                if backend == "monitoring" and version(python) < "3.12":
                    continue
                watched = [*base, "--racecheck", f"--racecheck-backend={backend}"]
                measure.run(watched, Path(folder))
                ratios = []
                for _ in range(rounds):
                    plain = measure.run(base, Path(folder)).cpu
                    ratios.append(measure.run(watched, Path(folder)).cpu / plain)
                name = Path(folder).name
                text = f"| {name} | {version(python)} | {backend} | {Spread.of(ratios).show(2)} |"
                print(text, flush=True)
                yield text


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--pyvft", default="")
    parser.add_argument("--only", action="append", default=[], choices=WORKLOADS)
    parser.add_argument("--no-page", action="store_true")
    parser.add_argument("--suite", action="append", default=[])
    options = parser.parse_args()
    pythons = options.python or [sys.executable]
    load = os.getloadavg()[0]
    table = list(rows(pythons, options.rounds, options.pyvft, options.only or WORKLOADS))
    if options.no_page:
        return
    page = [
        "# What watching costs",
        "",
        f"{options.rounds} paired runs; CPU time of the workload itself, start-up not counted; "
        f"load before: {load:.1f}. Median (lowest to highest).",
        "",
        "| workload | Python | watched by | times the CPU | plain CPU s | times the memory |",
        "|---|---|---|---:|---:|---:|",
        *table,
        "",
    ]
    if options.suite:
        page += [
            "## Ordinary test suites, whole processes",
            "",
            "| suite | Python | backend | times the plain CPU |",
            "|---|---|---|---:|",
            *suites(pythons[:1], options.suite, options.rounds),
            "",
        ]
    RESULT.write_text("\n".join(page), "utf-8")


if __name__ == "__main__":
    main()
