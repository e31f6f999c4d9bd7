"""`pytest --racecheck`: the options, and whether to watch; unasked, nothing else is imported.

pytest loads this file in every run of an environment that has racecheck, so it must cost nothing
there. What it does when asked stands in `racecheck.testing`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

WATCHABLE: Final = frozenset(
    ("races", "lock-order", "hangs", "signals", "leaks", "exceptions", "memory")
)
"""What may be watched; a copy, since nothing of ours is imported unasked."""

_TABLE: Final = "[tool.racecheck.pytest]"
_MARKER: Final = (
    "racecheck(watch=..., ignore='RC101 -- reason', enable=True, explore=200): "
    "how `--racecheck` and `--racecheck-explore` treat this test"
)


class _Hooks:
    """What others may hear of an exploration."""

    def pytest_racecheck_told(self, item: pytest.Item, text: str) -> None:
        """While a test is explored: what happens, a line each."""

    def pytest_racecheck_explored(self, item: pytest.Item, verdict: Any, findings: Any) -> None:
        """A test was explored or replayed: the verdict, and the findings that nobody silences."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Make them known."""
    pluginmanager.add_hookspecs(_Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The flags; each has a setting in `[tool.racecheck.pytest]`."""
    group = parser.getgroup("racecheck", "concurrency bugs (racecheck)")
    add = group.addoption
    add(
        "--racecheck",
        nargs="?",
        const="",
        default=None,
        metavar="WATCH",
        help="watch the threads of the tests: races,lock-order,hangs,signals,leaks,exceptions",
    )
    add(
        "--racecheck-explore",
        nargs="?",
        const="",
        default=None,
        metavar="N",
        help="run tests with several threads under up to N other orders of them (default 200)",
    )
    add("--racecheck-replay", metavar="TOKEN", help="run one such order of its test again")
    add("--no-racecheck", action="store_true", help="do not, whatever the settings say")
    add("--racecheck-backend", metavar="NAME", help="auto, rewrite, monitoring or settrace")
    add("--racecheck-trace", metavar="PACKAGES", help="packages and folders to trace")
    add("--racecheck-hang-timeout", metavar="TIME", help="10s, 500ms, off")
    add("--racecheck-hang-action", metavar="WHAT", help="report, fail or exit")
    add("--racecheck-notes", action="store_true", help="also lone reads and writes, as notes")
    add("--racecheck-leaks", metavar="memory", help="also repeat tests and look for growing memory")
    add(
        "--racecheck-output",
        action="append",
        metavar="FORMAT:FILE",
        help="write all findings to a file: json, sarif, junit, html ...",
    )
    parser.addini("racecheck_fail_on", "how sure a finding must be to fail its test", default="")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Begin before any conftest is imported: what is imported earlier cannot be looked at."""
    chosen = early_config.known_args_namespace
    if _takes_a_path(args):
        chosen.racecheck = ""
    if _explores_a_path(args):
        chosen.racecheck_explore = ""
    if chosen.no_racecheck:
        return
    if chosen.racecheck_explore is not None or chosen.racecheck_replay:
        from racecheck.testing.start import explore

        explore(early_config, chosen)
        return
    if chosen.racecheck is not None or _enabled(early_config.rootpath):
        from racecheck.testing.start import start

        start(early_config, chosen)


def pytest_configure(config: pytest.Config) -> None:
    """The marker is known even where nobody watches."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def racecheck(request: pytest.FixtureRequest) -> Any:
    """What is being found in this test: `.findings`, and `.ignore(code, subject, reason=...)`.

    Without `--racecheck` it is there as well, and finds nothing.
    """
    from racecheck.testing.fixture import Fixture

    return request.node.stash.setdefault(Fixture.KEY, Fixture())


def _takes_a_path(args: list[str]) -> bool:
    """`--racecheck tests`: what follows is not what to watch but what to run, and stays that."""
    for index, word in enumerate(args[:-1]):
        following = args[index + 1]
        if word == "--racecheck" and following[:1] != "-":
            if not set(following.split(",")) <= WATCHABLE:
                args[index] = "--racecheck="
                return True
    return False


def _explores_a_path(args: list[str]) -> bool:
    """The same for `--racecheck-explore`, which a number may follow."""
    for index, word in enumerate(args[:-1]):
        following = args[index + 1]
        if word == "--racecheck-explore" and following[:1] != "-" and not following.isdigit():
            args[index] = "--racecheck-explore="
            return True
    return False


def _enabled(root: Path) -> bool:
    """Whether the settings say so; the file is read for real only if it has our table at all."""
    for name in ("pyproject.toml", "racecheck.toml"):
        try:
            text = (root / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if "enable" in text and (_TABLE in text or "[pytest]" in text):
            from racecheck.settings import load

            return load(root, {}).settings.pytest.enable
    return False
