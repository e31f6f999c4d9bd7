"""`racecheck.explore(function)` and `@racecheck.explore()`: an exploration from within Python."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from racecheck import __version__
from racecheck.bridge import exploring, verdicts, watching
from racecheck.bridge.bodies import Function, Repeatable, body_of
from racecheck.core.errors import UsageError
from racecheck.core.finding import Finding
from racecheck.explore.verdict import FAILS, INCONCLUSIVE, PASSES, Verdict
from racecheck.report import registry
from racecheck.report.result import Context, Result
from racecheck.report.rules import rule_text
from racecheck.report.sources import SourceLines
from racecheck.runtime.session import Session
from racecheck.settings import Loaded


@dataclass(frozen=True, slots=True)
class Exploration:
    """What came of exploring a function. `verdict` has everything, `result` is for reports."""

    verdict: Verdict
    result: Result

    @property
    def outcome(self) -> str:
        """`fails`, `passes` or `inconclusive`. What somebody silences is no failure."""
        if self.verdict.outcome == FAILS:
            return FAILS if self.result.failing else PASSES
        return self.verdict.outcome

    @property
    def findings(self) -> list[Finding]:
        """What was found and nobody silences."""
        return list(self.result.findings)

    @property
    def complete(self) -> bool:
        """Whether every order that differs was tried."""
        return self.verdict.complete

    @property
    def schedules(self) -> int:
        """How many were tried."""
        return self.verdict.schedules

    @property
    def limits(self) -> list[str]:
        """What takes from the worth of it, one sentence each; faults of racecheck as well."""
        notes = self.result.statistics.notes
        faults = [problem.message for problem in self.result.errors]
        return [*dict.fromkeys([*verdicts.warnings(self.verdict), *notes]), *faults]

    @property
    def text(self) -> str:
        """The findings as `racecheck explore` shows them, and the verdict in a sentence or two."""
        context = Context(version=__version__, lines=SourceLines({}), rule=rule_text)
        found = "".join(registry.get("full").render(self.result, context))
        return found + "\n".join(verdicts.sentences(self.verdict))

    def raise_if_failed(self) -> None:
        """AssertionError with the whole text, if a schedule fails."""
        __tracebackhide__ = True
        if self.outcome == FAILS:
            error = next((one.failure.error for one in self.verdict.found), None)
            raise AssertionError(f"{self.verdict.target} fails\n\n{self.text}") from error

    def __repr__(self) -> str:
        return f"<exploration of {self.verdict.target}: {self.outcome}, {self.schedules} schedules>"


def explored(
    function: Callable[..., Any], load: Callable[[], Loaded], executor: Any = None
) -> Exploration:
    """Explore a function that needs no arguments, here or on an executor."""
    if _decorates(function):
        raise UsageError(
            "`@racecheck.explore` lacks its parentheses", "write `@racecheck.explore()`"
        )
    if Session.active is not None:
        raise UsageError(
            "racecheck watches this process already",
            "one exploration at a time, and none under `racecheck run` or `racecheck.watch()`",
        )
    target = _name(function)
    body = body_of(function, target)
    return (
        _explored(body, target, load()) if executor is None else _spread(function, load(), executor)
    )


def decorated(function: Callable[..., Any], load: Callable[[], Loaded]) -> Callable[..., None]:
    """The test that explores the function whenever it is called.

    Under somebody who explores or watches already (`pytest --racecheck-explore`) it is a plain
    call. Arguments are those of the call in each run, with the state they had.
    """

    @wraps(function)
    def test(*arguments: Any, **named: Any) -> None:
        __tracebackhide__ = True
        body = Repeatable(lambda: function(*arguments, **named))
        if Session.active is not None:
            body()
        else:
            target = _current() or _name(function)
            found = _explored(body, target, load(), roots=(*arguments, *named.values()))
            found.raise_if_failed()
            if found.outcome == INCONCLUSIVE:
                said = "; ".join(verdicts.sentences(found.verdict))
                warnings.warn(f"{target}: {said}", stacklevel=2)
        if body.skipped is not None:
            raise body.skipped

    return test


def _explored(body: Repeatable, target: str, loaded: Loaded, **more: Any) -> Exploration:
    judge = watching.Judge(loaded)
    verdict = exploring.explore_body(body, target, loaded, judge=judge, **more)
    return Exploration(verdict, exploring.result([verdict], loaded, judge))


def _spread(function: Callable[..., Any], loaded: Loaded, executor: Any) -> Exploration:
    from racecheck.bridge.spreading import explored

    (found,) = explored([_importable(function)], loaded, executor=executor)
    judge = watching.Judge(loaded)
    result = exploring.result([found.verdict], loaded, judge, found.findings)
    return Exploration(found.verdict, result)


def _importable(function: Callable[..., Any]) -> Function:
    """The name by which another process finds it."""
    home, name = _name(function).split(":", 1)
    if "<" in name:
        raise UsageError(
            f"`{name}` has no name that another process could import it by",
            "define it at the top of a module, or leave out `executor`",
        )
    if home == "__main__":
        home = getattr(sys.modules[home], "__file__", None) or ""
        if not home.endswith(".py"):
            raise UsageError(
                f"`{name}` is defined in no file that another process could import",
                "define it in a module, or leave out `executor`",
            )
    return Function(home, name)


def _name(function: Callable[..., Any]) -> str:
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    return f"{getattr(function, '__module__', None) or '?'}:{name}"


def _current() -> str:
    """What pytest is running: several cases of one test are several tests."""
    return os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]


def _decorates(function: Callable[..., Any]) -> bool:
    """Whether a function is just being defined: its module does not know it under its name."""
    name = getattr(function, "__qualname__", "")
    module = sys.modules.get(getattr(function, "__module__", None) or "")
    if module is None or not name.isidentifier():
        return False
    spec = getattr(module, "__spec__", None)
    loading = getattr(spec, "_initializing", False) or module.__name__ == "__main__"
    return bool(loading) and vars(module).get(name) is not function
