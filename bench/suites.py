"""Own test suites of public packages, plain and watched: the same tests pass and fail.

    python bench/suites.py FOLDER [--python PATH ...] [--only NAME ...] [--backend NAME ...]

FOLDER holds the unpacked sources (`SUITES` names them); the interpreters must have racecheck, the
packages (as editable installs, so that they count as the user's code) and what their tests need.
The findings go to FOLDER/found/*.json, to be read by hand (bench/precision/runtime.md).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

RESULT = Path(__file__).parent / "results" / "suites.md"
BACKENDS = ("rewrite", "monitoring", "settrace")
LIMIT = 1_500
"""Seconds that one suite may take."""

LINGER = 30
"""Seconds that its process may take to end once the outcomes of all tests are written."""


@dataclass(frozen=True)
class Suite:
    """One package: its folder, and what of its tests is run."""

    folder: str
    arguments: tuple[str, ...] = ()


SUITES: Mapping[str, Suite] = {
    "cachetools": Suite("cachetools-6.2.1"),
    "cheroot": Suite(
        "cheroot-11.0.0",
        (
            *("cheroot/test", "-o", "addopts=", "-p", "no:flaky"),
            *("--deselect", "cheroot/test/test_ssl.py"),
        ),
    ),
    "prometheus-client": Suite("prometheus_client-0.23.1", ("tests",)),
    "apscheduler": Suite(
        "apscheduler-3.11.0",
        ("tests", "-k", "not (mongodb or redis or rethinkdb or zookeeper or etcd)"),
    ),
    "pykka": Suite("pykka-4.3.0", ("tests",)),
    "kombu": Suite(
        "kombu-5.5.4",
        (
            *("t/unit", "-o", "addopts=", "--ignore=t/unit/transport/test_azurestoragequeues.py"),
            "--ignore=t/unit/transport/test_gcpubsub.py",
        ),
    ),
    "s3transfer": Suite("s3transfer-0.14.0", ("tests/unit", "tests/functional")),
    "watchdog": Suite("watchdog-6.0.0", ("tests", "-o", "addopts=")),
}


@dataclass(frozen=True)
class Outcome:
    """What each test came to, and how long the whole took."""

    tests: Mapping[str, str]
    seconds: float
    code: int
    tail: str


def run(python: str, folder: Path, suite: Suite, out: Path, extra: Sequence[str]) -> Outcome:
    """One run of a suite."""
    junit = out.with_name(f"{out.name}.xml")
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *suite.arguments]
    command += [f"--junitxml={junit}", *extra]
    junit.unlink(missing_ok=True)
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        seconds = _wait(process, junit, begin)
        said.seek(0)
        tail = said.read()[-1500:]
    tests = dict(_tests(junit)) if junit.exists() else {}
    return Outcome(tests, seconds, process.returncode, tail)


def _wait(process: subprocess.Popen[bytes], junit: Path, begin: float) -> float:
    """Seconds until it ended. It is killed at the limit, or if it stays when all has been told.

    Why the latter: some suites leave a thread behind that waits for ever, watched or not.
    """
    told = 0.0
    while process.poll() is None:
        now = time.perf_counter()
        told = told or (now if junit.exists() else 0.0)
        if now - begin > LIMIT or (told and now - told > LINGER):
            process.kill()
            process.wait()
            return (told or now) - begin
        time.sleep(0.05)
    return time.perf_counter() - begin


def _tests(path: Path) -> Iterator[tuple[str, str]]:
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
        yield f"{case.get('classname')}::{case.get('name')}", min(kinds, default="passed")


def changed(one: Outcome, other: Outcome) -> set[str]:
    """Tests that came out differently, or only once."""
    both = one.tests.keys() | other.tests.keys()
    return {test for test in both if one.tests.get(test) != other.tests.get(test)}


def compare(name: str, python: str, root: Path, backends: Sequence[str]) -> Iterator[str]:
    """Rows of the table for one package and interpreter."""
    suite, found = SUITES[name], root / "found"
    found.mkdir(exist_ok=True)
    number = subprocess.check_output(
        [python, "-c", "import platform; print(platform.python_version())"], text=True
    ).strip()
    stem = f"{name}-{number}"
    folder = root / suite.folder
    plain = run(python, folder, suite, found / f"{stem}-plain", ())
    again = run(python, folder, suite, found / f"{stem}-again", ())
    shaky = changed(plain, again)
    if plain.code not in (0, 1):
        print(f"    {name} {number}, plain: exit {plain.code}", flush=True)
    for backend in backends:
        if backend == "monitoring" and number < "3.12":
            continue
        target = found / f"{stem}-{backend}"
        extra = ["--racecheck", f"--racecheck-backend={backend}"]
        # Why: a test that fails for a finding would look like one that watching has broken.
        extra += ["-o", "racecheck_fail_on=confirmed", f"--racecheck-output=json:{target}.json"]
        watched = run(python, folder, suite, target, extra)
        others = sorted(changed(plain, watched) - shaky)
        path = Path(f"{target}.json")
        count = len(json.loads(path.read_text("utf-8"))["findings"]) if path.exists() else -1
        ratio = watched.seconds / plain.seconds
        row = (
            f"| {name} | {number} | {backend} | {len(plain.tests)} | {len(shaky)} | "
            f"{len(others)} | {count} | {ratio:.2f} |"
        )
        print(row, flush=True)
        for test in others[:20]:
            print(f"    {test}: {plain.tests.get(test)} -> {watched.tests.get(test)}", flush=True)
        if watched.code not in (0, 1):
            print(f"    exit {watched.code}: {watched.tail}", flush=True)
        yield row


def main() -> None:
    """Run what was asked for and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--backend", action="append", default=[])
    parser.add_argument("--no-page", action="store_true")
    options = parser.parse_args()
    rows = [
        row
        for name in options.only or SUITES
        for python in options.python or [sys.executable]
        for row in compare(name, python, options.folder.absolute(), options.backend or BACKENDS)
    ]
    page = [
        "# Own test suites, plain and watched",
        "",
        "`shaky`: came out differently in two plain runs; they are left out of `changed`.",
        "`changed`: came out differently when watched. Seconds of the whole process, one run each.",
        "",
        "| package | Python | backend | tests | shaky | changed | findings | times the seconds |",
        "|---|---|---|---:|---:|---:|---:|---:|",
        *rows,
        "",
    ]
    if not options.no_page:
        RESULT.write_text("\n".join(page), "utf-8")


if __name__ == "__main__":
    main()
