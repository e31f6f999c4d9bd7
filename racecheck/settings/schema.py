"""The settings themselves. One list for flags, TOML keys, environment names and the docs table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from math import inf
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from msgspec import NODEFAULT, Meta


class Info(NamedTuple):
    """One setting: its annotated type and its default."""

    type: Any
    default: Any


Step = Literal["possible", "likely", "observed", "confirmed"]
Format = Literal["full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "html"]
Backend = Literal["auto", "rewrite", "monitoring", "settrace"]
Action = Literal["report", "fail", "exit"]
Strategy = Literal["auto", "directed", "pct", "pos", "random", "dfs"]
Timeouts = Literal["patient", "early"]
Words = tuple[str, ...]

WATCHABLE: Final = ("races", "lock-order", "hangs", "signals", "leaks", "exceptions", "memory")
"""What `watch` may name (the runtime's WATCH, which is below, and `memory`)."""

DEFAULT_EXCLUDE: Final = (
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".racecheck",
    ".racecheck_cache",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)


class Suppression(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[tool.racecheck.suppress]]`: findings that nobody wants to see, at least until a date.

    `code`: a code, prefix, name or ALL. `subject`: a pattern such as `Ledger.*` ("*": any).
    """

    code: str
    subject: str = "*"
    reason: str = ""
    until: date | None = None


class Watching(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True
):
    """What `racecheck run` and `pytest --racecheck` have in common; each has a table of its own."""

    watch: Annotated[Words, Meta(description="what to watch; empty: everything but `memory`")] = ()
    trace: Annotated[
        Words, Meta(description="packages and folders to trace; empty: what is not installed")
    ] = ()
    backend: Annotated[Backend, Meta(description="how accesses are seen")] = "auto"
    hang_timeout: Annotated[
        str, Meta(description="how long nothing may move before the threads are looked at")
    ] = "10s"
    notes: Annotated[
        bool, Meta(description="also report unordered single reads and writes, as notes")
    ] = False
    trace_file: Annotated[
        str, Meta(description="file to write events to as they happen, for `racecheck report`")
    ] = ""
    fail_on: Annotated[Step, Meta(description="how sure a finding must be to fail")] = "observed"

    @property
    def seconds(self) -> float:
        """`hang_timeout` as a number; 0 for "off"."""
        return duration(self.hang_timeout)


class Running(Watching, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """`[tool.racecheck.run]`."""

    hang_action: Annotated[
        Action, Meta(description="what to do about a proven hang: say it, or end the program too")
    ] = "exit"


class Testing(Watching, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """`[tool.racecheck.pytest]`."""

    enable: Annotated[bool, Meta(description="watch without `--racecheck`")] = False
    hang_action: Annotated[
        Action, Meta(description="what to do about a proven hang: say it, fail its test, end it")
    ] = "fail"


class Exploring(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True
):
    """`[tool.racecheck.explore]`: bounds of an exploration, and what it tries within them."""

    strategy: Annotated[Strategy, Meta(description="who says which thread goes on")] = "auto"
    schedules: Annotated[int, Meta(description="how many schedules at most", ge=1)] = 200
    time: Annotated[str, Meta(description="how long one test may be explored; or `off`")] = "30s"
    seed: Annotated[int, Meta(description="where chance begins", ge=0)] = 0
    depth: Annotated[
        int, Meta(description="of `pct`: one more than the switches that it places", ge=1, le=20)
    ] = 3
    bound: Annotated[
        int, Meta(description="of `dfs`: forced switches in a schedule; -1: any number", ge=-1)
    ] = -1
    timeouts: Annotated[
        Timeouts, Meta(description="when they fire: if nobody else can go on, or at any time")
    ] = "patient"
    keep_going: Annotated[
        bool, Meta(description="try all schedules, also after one that fails")
    ] = False
    threads: Annotated[int, Meta(description="threads of one run at a time", ge=2)] = 64
    steps: Annotated[int, Meta(description="steps of one run that others can see", ge=1)] = 20_000
    run_time: Annotated[str, Meta(description="how long one run may take; or `off`")] = "10s"
    away_time: Annotated[
        str, Meta(description="how long a thread may wait for what racecheck does not control")
    ] = "5s"
    trace: Annotated[
        Words, Meta(description="packages and folders to trace; empty: what is not installed")
    ] = ()
    backend: Annotated[Backend, Meta(description="how accesses are seen")] = "auto"
    jobs: Annotated[
        int, Meta(description="processes to explore in; 0: one for each usable CPU", ge=0, le=256)
    ] = 1
    cluster: Annotated[
        str, Meta(description="HOST:PORT of a Dask scheduler whose workers explore")
    ] = ""
    fail_on: Annotated[Step, Meta(description="how sure a finding must be to fail")] = "observed"

    @property
    def seconds(self) -> float:
        """`time` as a number; infinite for "off"."""
        return _bound(self.time)

    @property
    def run_seconds(self) -> float:
        """`run_time` likewise."""
        return _bound(self.run_time)

    @property
    def away_seconds(self) -> float:
        """`away_time` likewise."""
        return _bound(self.away_time)


class Settings(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True
):
    """Every setting with its default. Paths are relative to the folder of the settings file."""

    select: Annotated[Words, Meta(description="rules to use; empty: the default rules")] = ()
    ignore: Annotated[Words, Meta(description="rules not to use")] = ()
    extend_select: Annotated[Words, Meta(description="rules to use besides `select`")] = ()
    external: Annotated[
        Words, Meta(description="codes of other tools that suppression comments may name")
    ] = ()
    min_confidence: Annotated[Step, Meta(description="hide findings that are less sure")] = "likely"
    fail_on: Annotated[
        Step, Meta(description="exit with 1 only for findings at least this sure")
    ] = "likely"
    strict: Annotated[bool, Meta(description="report where something is not known")] = False
    free_threaded: Annotated[
        bool, Meta(description="the code also runs on builds without the GIL")
    ] = False
    target_version: Annotated[
        str, Meta(description="oldest Python the code runs on; empty: from requires-python")
    ] = "3.11"
    models: Annotated[Words, Meta(description="files or folders with your own library models")] = ()
    exclude: Annotated[
        Words, Meta(description="names and globs of files and folders to leave out")
    ] = DEFAULT_EXCLUDE
    extend_exclude: Annotated[Words, Meta(description="more of them, besides `exclude`")] = ()
    force_exclude: Annotated[
        bool, Meta(description="leave out excluded files even if they are named")
    ] = False
    respect_gitignore: Annotated[
        bool, Meta(description="leave out what .gitignore files leave out")
    ] = True
    per_file_ignores: Annotated[
        dict[str, Words], Meta(description="glob of files = rules not to use there")
    ] = {}
    suppress: Annotated[
        tuple[Suppression, ...], Meta(description="findings to silence by code and subject")
    ] = ()
    require_reason: Annotated[bool, Meta(description="a suppression must say why: `-- reason`")] = (
        False
    )
    baseline: Annotated[str, Meta(description="file with findings that are already known")] = ""
    project: Annotated[
        str, Meta(description="folder whose other files are read too, but not reported on")
    ] = ""
    cache: Annotated[bool, Meta(description="keep what was read for the next run")] = True
    cache_dir: Annotated[str, Meta(description="where to keep it")] = ".racecheck_cache"
    jobs: Annotated[
        int, Meta(description="worker processes; 0: one for each usable CPU", ge=0, le=256)
    ] = 0
    output_format: Annotated[Format, Meta(description="form of the findings on stdout")] = "full"
    output: Annotated[Words, Meta(description="FORMAT:FILE, written besides stdout")] = ()
    exit_zero: Annotated[bool, Meta(description="exit with 0 even if something was found")] = False

    run: Annotated[Running, Meta(description="settings of `racecheck run`")] = Running()
    pytest: Annotated[Testing, Meta(description="settings of `pytest --racecheck`")] = Testing()
    explore: Annotated[Exploring, Meta(description="settings of `racecheck explore`")] = Exploring()

    @property
    def target(self) -> tuple[int, int]:
        """`target_version` as numbers."""
        major, _, minor = self.target_version.partition(".")
        return int(major), int(minor)


TABLES: Final[Mapping[str, type[msgspec.Struct]]] = {
    "run": Running,
    "pytest": Testing,
    "explore": Exploring,
}
"""Tables whose keys are settings of their own: `run.backend`."""

PATHS: Final = frozenset(
    {"models", "baseline", "project", "cache-dir", "run.trace-file", "pytest.trace-file"}
)
"""Settings that are paths. Those of a flag or the environment start at the working directory."""

_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|)")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


def duration(text: str) -> float:
    """Seconds: `10s`, `500ms`, `2m`, `1.5`; 0 for `off`. ValueError for anything else.

    >>> duration("500ms"), duration("2m"), duration("off")
    (0.5, 120.0, 0.0)
    """
    word = text.strip().lower()
    if word == "off":
        return 0.0
    match = _DURATION.fullmatch(word)
    if match is None:
        raise ValueError(text)
    return float(match[1]) * _UNITS[match[2]]


def _bound(text: str) -> float:
    return inf if text.strip().lower() == "off" else duration(text)


@cache
def fields() -> Mapping[str, Info]:
    """Every setting by its key in TOML (`fail-on`, `run.backend`)."""
    found: dict[str, Info] = {}
    for info in msgspec.structs.fields(Settings):
        inner = TABLES.get(info.encode_name)
        for one in msgspec.structs.fields(inner) if inner else (info,):
            key = f"{info.encode_name}.{one.encode_name}" if inner else one.encode_name
            value = one.default if one.default_factory is NODEFAULT else one.default_factory()
            found[key] = Info(one.type, value)
    return found
