"""Targets that are pytest's: it runs in this process, and our plugin in it explores or replays.

Settings go down as environment variables, the layer below the flags: the plugin reads the settings
of the project by itself, and xdist's workers do as well.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, redirect_stdout
from pathlib import Path
from typing import Any, Final

from racecheck.cli import emit
from racecheck.core.errors import ExitCode, MissingPathError, UsageError
from racecheck.settings import Loaded
from racecheck.settings.load import variable_of

_CODES: Final[Mapping[int, ExitCode]] = {
    0: ExitCode.CLEAN,
    1: ExitCode.FINDINGS,
    2: ExitCode.BAD_USE,
    3: ExitCode.INTERNAL,
    4: ExitCode.BAD_USE,
    5: ExitCode.BAD_USE,
}
"""pytest's exit codes and ours. It ends with 2 as well if it cannot collect."""

QUIET: Final = (
    "-W",
    "ignore:Module already imported so cannot be rewritten:pytest.PytestAssertRewriteWarning",
)
"""We are imported before pytest is, and have no assertions for it to rewrite."""

_COLORS: Final = {"always": "yes", "never": "no"}

_OWN: Final = frozenset({"output", "output-format", "exit-zero"})
"""Settings that are obeyed here."""


def explore(
    targets: Sequence[str], given: argparse.Namespace, loaded: Loaded, changed: Mapping[str, Any]
) -> int:
    """Explore tests; returns our exit code."""
    flag = f"--racecheck-explore={loaded.settings.explore.schedules}"
    return _run([flag], targets, given, loaded, changed)


def replay(
    token: str, target: str, given: argparse.Namespace, loaded: Loaded, changed: Mapping[str, Any]
) -> int:
    """Run one schedule of a test again."""
    return _run([f"--racecheck-replay={token}"], [target], given, loaded, changed)


def _run(
    flags: Sequence[str],
    targets: Sequence[str],
    given: argparse.Namespace,
    loaded: Loaded,
    changed: Mapping[str, Any],
) -> int:
    pytest = pytest_module()
    for target in targets:
        path = target.partition("::")[0]
        if not Path(path).exists():
            raise MissingPathError(f"no file or folder `{path}`", "name a test: FILE.py::TEST")
    written = emit.targets(loaded)
    files = [f"{one.format}:{one.path}" for one in written if one.path is not None]
    shown = [one.format for one in written if one.path is None and one.format != "full"]
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    stop = _Stop()
    with _environment(given, changed), _shown(shown) as more:
        outputs = [f"--racecheck-output={text}" for text in [*files, *more]]
        words = [*_view(given), *QUIET, *flags, *outputs, *targets]
        code = int(pytest.main(words, plugins=[stop]))
    if stop.interrupted:
        return ExitCode.INTERRUPTED
    clean = code == ExitCode.FINDINGS and loaded.settings.exit_zero
    return ExitCode.CLEAN if clean else _CODES.get(code, ExitCode.INTERNAL)


class _Stop:
    """A plugin that hears of Ctrl-C."""

    interrupted = False

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        # Why not its subclasses: pytest says by one that tests cannot be collected.
        self.interrupted = excinfo.type is KeyboardInterrupt


def pytest_module() -> Any:
    """pytest, or an error that says what to do."""
    try:
        import pytest
    except ImportError:
        raise UsageError(
            "the target is a test of pytest, which is not installed here",
            "install pytest, or name a function: FILE.py:FUNCTION",
        ) from None
    return pytest


def _view(given: argparse.Namespace) -> Iterator[str]:
    yield f"--color={_COLORS.get(given.color, 'auto')}"
    yield from ["-q"] * given.quiet
    yield from ["-v"] * given.verbose


@contextmanager
def _environment(given: argparse.Namespace, changed: Mapping[str, Any]) -> Iterator[None]:
    """The settings that were given here, where the plugin finds them."""
    if given.isolated or any("=" not in item for item in given.config):
        raise UsageError(
            "tests of pytest are explored with the settings of their project",
            "leave out --isolated and --config FILE; flags and --config KEY=VALUE reach them",
        )
    pairs = dict(item.split("=", 1) for item in given.config)
    texts = {key: text for key, text in pairs.items() if key not in _OWN}
    texts |= {key: _text(value) for key, value in changed.items() if key not in _OWN}
    names = {variable_of(key): text for key, text in texts.items()}
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        yield
    finally:
        for name, text in before.items():
            if text is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = text


def _text(value: Any) -> str:
    if isinstance(value, (tuple, list, bool)):
        return json.dumps(value)
    return str(value)


@contextmanager
def _shown(formats: Sequence[str]) -> Iterator[list[str]]:
    """Formats that are to have stdout for themselves: what pytest says goes to stderr then."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [(name, Path(folder) / f"{number}") for number, name in enumerate(formats)]
        with redirect_stdout(sys.stderr) if paths else nullcontext():
            yield [f"{name}:{path}" for name, path in paths]
        for _, path in paths:
            if path.exists():
                sys.stdout.write(path.read_text("utf-8", errors="backslashreplace"))
