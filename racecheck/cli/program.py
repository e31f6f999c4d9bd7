"""Runs a program as `python SCRIPT` or `python -m MODULE` would: the same start, the same end.

Nothing here knows what is watched. What the interpreter does by itself after the last line of a
program (wait for threads, run `atexit`) is done here, so that something can come after it.
"""

from __future__ import annotations

import atexit
import builtins
import os
import runpy
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader, SourcelessFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

from racecheck.cli.main import INTERRUPTED
from racecheck.core.errors import MissingPathError, UsageError
from racecheck.runtime import tracebacks
from racecheck.runtime.observers.watchdog import leaving

Compile = Callable[[str | bytes, str], CodeType]

_STARTUP: Final = frozenset(
    {"abc", "codecs", "encodings", "genericpath", "io", "linecache", "ntpath", "os", "posixpath"}
    | {"racecheck", "runpy", "site", "sitecustomize", "stat", "threading", "usercustomize"}
)
"""Modules that the interpreter has loaded before the first line of any program, and us."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. `name`: of a script, a folder with `__main__.py`, or a module."""

    name: str
    arguments: tuple[str, ...] = ()
    module: bool = False

    @property
    def folder(self) -> bool:
        """Whether it is a folder or an archive, run by its `__main__`."""
        archive = self.name.endswith((".zip", ".pyz"))
        return not self.module and (archive or Path(self.name).is_dir())

    def require(self) -> None:
        """Fail if there is nothing to run."""
        if self.module:
            return
        path = Path(self.name)
        if not path.exists():
            hint = "the script stands after the options of `racecheck run`"
            if all(part.isidentifier() for part in self.name.split(".")):
                hint = f"to run a module: racecheck run -m {self.name}"
            raise MissingPathError(f"no script `{self.name}`", hint)
        if path.is_dir() and not (path / "__main__.py").exists():
            raise UsageError(
                f"`{self.name}` is a folder without `__main__.py`",
                "name a script in it, or run a package with `racecheck run -m PACKAGE`",
            )

    def prepare(self) -> None:
        """`sys.argv` and `sys.path` as the program expects them."""
        sys.argv[:] = ["-m" if self.module else self.name, *self.arguments]
        first = self._first()
        if not sys.flags.safe_path:
            sys.path[0:1] = [first]
        elif self.folder:
            sys.path.insert(0, first)
        _uncover(first)

    def _first(self) -> str:
        if self.module:
            return str(Path.cwd())
        if self.folder:
            return os.path.abspath(self.name)  # noqa: PTH100 - links stay as they are
        return str(Path(self.name).resolve().parent)

    def execute(self, compiled: Compile) -> None:
        """Run it to its last line; whatever it raises comes out."""
        main = ModuleType("__main__")
        main.__dict__.update(__builtins__=builtins)
        if sys.version_info < (3, 14):
            main.__dict__.update(__annotations__={})
        sys.modules["__main__"] = main
        if self.module or self.folder:
            with _compiling(compiled):
                name = self.name if self.module else "__main__"
                runpy._run_module_as_main(name, self.module)  # type: ignore[attr-defined]
            return
        path = os.path.abspath(self.name)  # noqa: PTH100 - links stay as they are
        main.__dict__.update(__file__=path, __cached__=None)
        if path.endswith(".pyc"):
            bare = SourcelessFileLoader("__main__", path)
            main.__loader__, code = bare, bare.get_code("__main__")
        else:
            main.__loader__ = SourceFileLoader("__main__", path)
            code = compiled(Path(path).read_bytes(), path)
        assert code is not None
        exec(code, main.__dict__)  # noqa: S102


def plain(source: str | bytes, path: str) -> CodeType:
    """What the interpreter itself would run."""
    return compile(source, path, "exec", dont_inherit=True)


@contextmanager
def _compiling(compiled: Compile) -> Iterator[None]:
    """While it lasts, `runpy` runs what `compiled` makes of the source of the main module."""
    names = ("_get_module_details", "_get_main_module_details")
    originals = {name: getattr(runpy, name) for name in names}

    def found(name: str) -> Callable[..., Any]:
        def details(*arguments: Any) -> Any:
            restore()
            try:
                module, spec, code = originals[name](*arguments)
            except runpy._Error as error:  # type: ignore[attr-defined]
                said = str(error)
                raise NothingToRun(said[:1].lower() + said[1:]) from None
            source = _source_of(spec)
            # Why not always: a module without source (a .pyc, an extension) is run as it is.
            return module, spec, code if source is None else compiled(source, code.co_filename)

        return details

    def restore() -> None:
        for name, original in originals.items():
            setattr(runpy, name, original)

    for name in names:
        setattr(runpy, name, found(name))
    try:
        yield
    finally:
        restore()


class NothingToRun(BaseException):
    """There is no such module. No Exception: nothing of the program's may take it for its own."""


def _source_of(spec: Any) -> str | bytes | None:
    try:
        return spec.loader.get_data(spec.origin) if spec.origin.endswith(".py") else None
    except (AttributeError, OSError):
        return None


def _uncover(folder: str) -> None:
    """Modules that we have loaded and the program has files of its own for: it gets its own."""
    try:
        names = {entry.name.removesuffix(".py") for entry in os.scandir(folder)}
    except OSError:
        return
    for name in names & sys.modules.keys() - _STARTUP - set(sys.builtin_module_names):
        home = getattr(sys.modules[name], "__file__", None) or ""
        if not Path(home).resolve().is_relative_to(Path(folder).resolve()):
            for inner in [n for n in sys.modules if n == name or n.startswith(f"{name}.")]:
                del sys.modules[inner]


def finish(
    error: BaseException | None, waiting: Callable[[], AbstractContextManager[None]] = nullcontext
) -> int:
    """Everything that the interpreter does after the last line; returns the exit code.

    `waiting`: a context for the time in which other threads are waited for.
    """
    code = 0 if error is None else handled(error)
    with waiting():
        _wait_for_threads()
    atexit._run_exitfuncs()
    return code


def handled(error: BaseException) -> int:
    """Say what ended the program as the interpreter would; returns the exit code."""
    tracebacks.trim(error)
    if isinstance(error, SystemExit):
        return _exit_code(error)
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    try:
        sys.excepthook(type(error), error, error.__traceback__)
    except SystemExit as left:
        return _exit_code(left)
    except BaseException as failed:
        tracebacks.trim(failed)
        _say("Error in sys.excepthook:\n")
        traceback.print_exception(failed)
        _say("\nOriginal exception was:\n")
        traceback.print_exception(error)
    return INTERRUPTED if type(error) is KeyboardInterrupt else 1


def _exit_code(error: SystemExit) -> int:
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return int(code) & 0xFF
    _say(f"{code}\n")
    return 1


def _wait_for_threads() -> None:
    try:
        with leaving():
            threading._shutdown()  # type: ignore[attr-defined]
    except BaseException as error:
        tracebacks.trim(error)
        _say(f"Exception ignored in: {threading!r}\n")
        traceback.print_exception(error)


def _say(text: str) -> None:
    if sys.stdout is not None:
        sys.stdout.flush()
    if sys.stderr is not None:
        sys.stderr.write(text)


def arguments_after(words: Sequence[str]) -> Program | None:
    """The program in what follows our own options: `-m MODULE ARGS` or `SCRIPT ARGS`."""
    if words[:1] == ["-m"]:
        return Program(words[1], tuple(words[2:]), module=True) if len(words) > 1 else None
    return Program(words[0], tuple(words[1:])) if words else None
