"""What is to be explored, by its name: `module:function`, `path/to/file.py:function`.

Everything that can be wrong with such a name is said in one line, with what to do about it.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from racecheck.core.errors import MissingPathError, UsageError
from racecheck.runtime.stacks import is_ours

_FAILS: Final = frozenset({"builtins.Failed", "_pytest.outcomes.Failed"})
_SKIPS: Final = frozenset(
    {"builtins.Skipped", "_pytest.outcomes.Skipped", "unittest.case.SkipTest"}
)
"""What tests raise to say so. pytest gives its exceptions another module than theirs."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function by the module or the file that it stands in."""

    home: str
    name: str

    def __str__(self) -> str:
        return f"{self.home}:{self.name}"

    @property
    def in_file(self) -> bool:
        """Whether `home` is a file."""
        return self.home.endswith(".py")

    def named(self, root: Path) -> str:
        """Its name in schedules: the same from whichever folder it is explored."""
        if not self.in_file:
            return str(self)
        path = Path(os.path.abspath(self.home))  # noqa: PTH100 - `..` goes, links stay
        inside = path.relative_to(root) if path.is_relative_to(root) else path
        return f"{inside.as_posix()}:{self.name}"

    def load(self) -> Repeatable:
        """Import it, as Python does in this folder; `sys.path` stays as that needs it."""
        _look_first_in(Path.cwd())
        module = self._file() if self.in_file else _imported(self.home)
        return body_of(self._found(module), str(self))

    def _file(self) -> ModuleType:
        path = Path(os.path.abspath(self.home))  # noqa: PTH100 - `..` goes, links stay
        if not path.is_file():
            raise MissingPathError(f"no file `{self.home}`", "name it from this folder")
        folder, names = path.parent, [path.stem]
        while (folder / "__init__.py").exists():
            names.insert(0, folder.name)
            folder = folder.parent
        _look_first_in(folder)
        module = _imported(".".join(names))
        there = getattr(module, "__file__", None)
        if there is None or Path(there).resolve() != path.resolve():
            raise UsageError(
                f"`{self.home}` cannot be imported as `{module.__name__}`: that is {there}",
                "give the file another name, or name a module: MODULE:FUNCTION",
            )
        return module

    def _found(self, module: ModuleType) -> Any:
        found: Any = module
        for part in self.name.split("."):
            if not hasattr(found, part):
                known = [name for name, value in vars(found).items() if callable(value)]
                near = get_close_matches(part, known, 1)
                hint = f"did you mean `{self.home}:{near[0]}`?" if near else _functions(module)
                raise UsageError(f"no function `{self.name}` in {self.home}", hint)
            found = getattr(found, part)
        return found


def function_of(text: str) -> Function | None:
    """The function that a target names; None if it is something for pytest."""
    if "::" in text:
        return None
    home, colon, name = text.rpartition(":")
    if not colon or not name or set(name) & set("/\\"):
        if text.endswith(".py") or Path(text).exists():
            return None
        hint = "MODULE:FUNCTION, FILE.py:FUNCTION, or a test such as tests/test_x.py::test_y"
        raise UsageError(f"`{text}` names nothing to explore", hint)
    if not all(part.isidentifier() for part in name.split(".")):
        raise UsageError(f"`{name}` in `{text}` is no name of a function", "MODULE:FUNCTION")
    if not home.endswith(".py") and not all(part.isidentifier() for part in home.split(".")):
        raise UsageError(
            f"`{home}` in `{text}` is neither a module nor a Python file",
            "MODULE:FUNCTION, as in `bank.worker:main`, or path/to/file.py:FUNCTION",
        )
    return Function(home, name)


def body_of(function: Any, shown: str) -> Repeatable:
    """What runs it once. A coroutine function runs in a loop of its own."""
    if isinstance(function, type) or not callable(function):
        kind = "a class" if isinstance(function, type) else f"of type {type(function).__name__}"
        raise UsageError(f"`{shown}` is {kind}, no function", "name a function without arguments")
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise UsageError(f"`{shown}` is a generator: a call of it runs nothing", "wrap it")
    missing = _arguments(function)
    if missing:
        raise UsageError(
            f"`{shown}` needs arguments: {', '.join(missing)}",
            "name a function without any; for a test with fixtures: FILE.py::TEST",
        )
    return Repeatable(function)


class Repeatable:
    """A call, whatever else it uses to say that it fails. `skipped`: it said that it cannot run."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self.skipped: BaseException | None = None

    def __call__(self) -> None:
        """Once; raises an Exception if it fails."""
        try:
            result = self._call()
            if inspect.iscoroutine(result):
                asyncio.run(result)
        except SystemExit as left:
            if left.code:
                error = RuntimeError(f"sys.exit({left.code!r})")
                raise error.with_traceback(left.__traceback__) from None
        except BaseException as raised:
            # Why by their names: what pytest raises is no Exception, and pytest may not be there.
            kind = f"{type(raised).__module__}.{type(raised).__name__}"
            if kind in _FAILS:
                failed = AssertionError(str(raised))
                raise failed.with_traceback(raised.__traceback__) from None
            if kind in _SKIPS:
                self.skipped = raised
                return
            raise


def _arguments(function: Callable[..., Any]) -> list[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [
        one.name
        for one in parameters
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]


def _imported(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise UsageError(
                f"no module `{name}` can be imported from here",
                "go to the folder that holds it, or name its file: path/to/file.py:FUNCTION",
            ) from None
        raise _broken(name, error) from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise _broken(name, error) from None


def _broken(name: str, error: BaseException) -> UsageError:
    said = str(error).partition("\n")[0]
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    users = [one for one in frames if "importlib" not in one.filename and not is_ours(one.filename)]
    place = f"at {users[-1].filename}:{users[-1].lineno}; " if users else ""
    return UsageError(
        f"`{name}` fails when it is imported: {what}",
        f'{place}see `python -c "import {name}"`',
    )


def _functions(module: ModuleType) -> str:
    own = [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__
    ]
    return f"it has {', '.join(own[:8])}" if own else "there are no functions in it"


def _look_first_in(folder: Path) -> None:
    """As Python itself does for a program that stands there."""
    if str(folder) in sys.path:
        sys.path.remove(str(folder))
    sys.path.insert(0, str(folder))
