"""The use cases as functions: `lint` looks at files, `watch` at a run, `explore` at many runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    ParamSpec,
    Protocol,
    TypeAlias,
    TypedDict,
    Unpack,
    overload,
)

from racecheck.core.errors import MissingPathError, SettingsError, UsageError
from racecheck.core.finding import Finding
from racecheck.report.result import Result
from racecheck.settings import Loaded
from racecheck.settings import load as load_layers

if TYPE_CHECKING:
    from concurrent.futures import Future

    from racecheck.bridge.block import WatchSession
    from racecheck.bridge.exploration import Exploration
    from racecheck.pipeline import Run
    from racecheck.report.known import Known

LintResult: TypeAlias = Result
Paths: TypeAlias = "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]"

_Given = ParamSpec("_Given")

_PROJECT: Final = ("pyproject.toml", ".git", ".hg")
"""Whatever has one of these is the folder of a project."""


def lint(
    paths: Paths = ".",
    *,
    loaded: Loaded | None = None,
    isolated: bool = False,
    config: Iterable[str] = (),
    progress: Callable[[str], None] | None = None,
    **overrides: Any,
) -> LintResult:
    """Findings in files and folders.

    `overrides` are settings by name (`select=["RC1"]`, `free_threaded=True`); they win over
    pyproject.toml and the environment. `isolated` looks at neither. A path that does not exist
    raises `MissingPathError`, a wrong setting `SettingsError`.
    """
    names = _names(paths)
    _require(names)
    loaded = loaded or load_settings(names, isolated=isolated, config=config, **overrides)
    known = _known(loaded, names)
    result = _run(loaded, progress).files([Path(name) for name in names])
    return known.without(result) if known else result


def update_baseline(
    paths: Paths = ".",
    *,
    prune: bool = False,
    loaded: Loaded | None = None,
    progress: Callable[[str], None] | None = None,
    **overrides: Any,
) -> LintResult:
    """Write all findings to the file of the setting `baseline`, and return what is left: nothing.

    With `prune` the file only loses what is no longer found. It stays as it is when the result has
    errors: what was not looked at is not known.
    """
    names = _names(paths)
    _require(names)
    loaded = loaded or load_settings(names, **overrides)
    known = _known(loaded, names, anew=not prune)
    if known is None:
        raise SettingsError("there is no baseline", "name its file with `baseline`")
    result = _run(loaded, progress).files([Path(name) for name in names])
    if result.errors:
        return result
    return known.prune(result) if prune else known.update(result)


def lint_texts(
    texts: Mapping[str, str], *, loaded: Loaded | None = None, **overrides: Any
) -> LintResult:
    """Findings in texts by path; nothing is read from disk or kept in a cache."""
    loaded = loaded or load_settings((), isolated=True, **overrides)
    known = _known(loaded, texts)
    result = _run(loaded).texts(texts)
    return known.without(result) if known else result


def lint_sources(texts: Mapping[str, str], **options: Any) -> list[Finding]:
    """The findings of `lint_texts`; a fault of racecheck raises."""
    result = lint_texts(texts, **options)
    for problem in result.errors:
        raise RuntimeError(f"{problem.message}\n{problem.detail}")
    return list(result.findings)


def watch(
    *,
    watch: Iterable[str] | None = None,
    trace: Iterable[str] | None = None,
    backend: str | None = None,
    hang_timeout: str | None = None,
    hang_action: str | None = None,
    notes: bool | None = None,
    trace_file: str | os.PathLike[str] | None = None,
    loaded: Loaded | None = None,
    isolated: bool = False,
    config: Iterable[str] = (),
    **overrides: Any,
) -> WatchSession:
    """Watch the threads in a `with` block: `with watch() as session: ...; session.findings`.

    What is not given comes from the settings of `racecheck run`; `overrides` are other settings
    (`ignore=["RC101"]`). A hang is reported, and nothing done about it. Nested use and a backend
    that cannot be used are a `UsageError`.
    """
    from racecheck.bridge.block import WatchSession, usable

    given = {
        "run.watch": None if watch is None else tuple(watch),
        "run.trace": None if trace is None else tuple(trace),
        "run.backend": backend,
        "run.hang-timeout": hang_timeout,
        "run.hang-action": hang_action or "report",
        "run.notes": notes,
        "run.trace-file": None if trace_file is None else os.fspath(trace_file),
    }
    loaded = loaded or load_settings(".", isolated=isolated, config=config, **overrides, **given)
    chosen = loaded.settings.run.backend
    return WatchSession(loaded, usable() if chosen == "auto" else chosen)


class ExploreOptions(TypedDict, total=False):
    """What `explore` may be told; what is not given comes from `[tool.racecheck.explore]`."""

    schedules: int | None
    time: float | str | None
    strategy: str | None
    seed: int | None
    depth: int | None
    bound: int | None
    timeouts: str | None
    keep_going: bool | None
    trace: Iterable[str] | None
    backend: str | None
    isolated: bool
    config: Iterable[str]
    loaded: Loaded | None


class _Submits(Protocol):
    """What `explore` uses of `concurrent.futures.Executor`."""

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]: ...


@overload
def explore(
    func: Callable[..., Any],
    /,
    *,
    executor: _Submits | None = None,
    **options: Unpack[ExploreOptions],
) -> Exploration: ...


@overload
def explore(
    func: None = None, /, **options: Unpack[ExploreOptions]
) -> Callable[[Callable[_Given, Any]], Callable[_Given, None]]: ...


def explore(
    func: Callable[..., Any] | None = None,
    /,
    *,
    schedules: int | None = None,
    time: float | str | None = None,
    strategy: str | None = None,
    seed: int | None = None,
    depth: int | None = None,
    bound: int | None = None,
    timeouts: str | None = None,
    keep_going: bool | None = None,
    trace: Iterable[str] | None = None,
    backend: str | None = None,
    isolated: bool = False,
    config: Iterable[str] = (),
    loaded: Loaded | None = None,
    executor: _Submits | None = None,
) -> Any:
    """Run a function under many schedules: `explore(test).raise_if_failed()`.

    Without a function it is a decorator, `@explore(schedules=500)`: the test is explored whenever
    it is called, and fails with what was found. A function may be `async`. Fixtures of a decorated
    test are set up once, and the state of the project's own objects is put back before each run;
    `pytest --racecheck-explore` sets them up anew. What is not given comes from the settings:
    200 schedules, 30 seconds (`time=60.0`, `time="2m"`). The code was imported before, so accesses
    are seen by `sys.monitoring` or `sys.settrace`.

    `executor`: any of the kind of `concurrent.futures.Executor`. Its workers start processes that
    import the function by its name, and each of them tries a share of the schedules.
    """
    from racecheck.bridge import exploration

    given = {
        "explore.schedules": schedules,
        "explore.time": time if time is None or isinstance(time, str) else f"{time:f}s",
        "explore.strategy": strategy,
        "explore.seed": seed,
        "explore.depth": depth,
        "explore.bound": bound,
        "explore.timeouts": timeouts,
        "explore.keep-going": keep_going,
        "explore.trace": None if trace is None else tuple(trace),
        "explore.backend": backend,
    }
    chosen = tuple(config)

    def load() -> Loaded:
        return loaded or load_settings(".", isolated=isolated, config=chosen, **given)

    if func is not None:
        return exploration.explored(func, load, executor)
    if executor is not None:
        raise UsageError(
            "`executor` is of no use to a decorator: arguments of a test stay in their process",
            "racecheck.explore(function, executor=...)",
        )
    return lambda function: exploration.decorated(function, load)


def load_settings(
    paths: Paths, *, isolated: bool = False, config: Iterable[str] = (), **overrides: Any
) -> Loaded:
    """Settings of the project that the paths belong to: that of their nearest common folder.

    Paths that are in no project (somebody's site-packages) belong to the working directory, where
    a cache may be written.
    """
    start, chosen = _start(_names(paths)), tuple(config)
    loaded = load_layers(start, overrides, isolated, config=chosen)
    if loaded.file is None and not any((loaded.root / sign).exists() for sign in _PROJECT):
        return load_layers(Path.cwd(), overrides, isolated, config=chosen)
    return loaded


def _run(loaded: Loaded, progress: Callable[[str], None] | None = None) -> Run:
    # Why here: commands that only need settings do not pay for the analyses.
    from racecheck.pipeline import Run

    return Run(loaded, progress)


def _known(loaded: Loaded, paths: Iterable[str], *, anew: bool = False) -> Known | None:
    """The baseline, read before anything is linted."""
    if not loaded.settings.baseline:
        return None
    from racecheck.report.known import Known

    known = Known(loaded.root / loaded.settings.baseline, list(paths))
    known.read(anew=anew)
    return known


def _names(paths: Paths) -> list[str]:
    if isinstance(paths, (str, os.PathLike)):
        paths = (paths,)
    return [os.fspath(path) for path in paths]


def _require(names: Iterable[str]) -> None:
    """Said before anything is read: a run over the other paths would look clean."""
    for name in names:
        if not os.path.lexists(name):
            raise MissingPathError(f"no file or folder `{name}`")


def _start(names: Iterable[str]) -> Path:
    whole = [Path(name).absolute() for name in names if name != "-"]
    folders = [path if path.is_dir() else path.parent for path in whole]
    try:
        return Path(os.path.commonpath(folders)) if folders else Path.cwd()
    except ValueError:
        # Why: two drives of Windows have no common folder.
        return Path.cwd()
