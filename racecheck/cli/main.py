"""`racecheck COMMAND`: finds the command, runs it, turns every outcome into an exit code."""

from __future__ import annotations

import errno
import gc
import sys
from collections.abc import Sequence

from racecheck import __version__
from racecheck.core.errors import ExitCode, RacecheckError

HELP = """\
Find data races, deadlocks and other concurrency bugs in Python.

  racecheck lint src                        look at the source
  racecheck run app.py                      run a program and watch its threads
  pytest --racecheck                        watch the tests you have
  racecheck explore tests/test_bank.py      try many schedules
  racecheck confirm src --tests tests       make findings happen, or say why not
  racecheck explain RC101                   what a finding means

Commands
  lint  run  explore  confirm  replay       find, reproduce
  explain  report  config  doctor           understand
  clean  version                            the rest

Run `racecheck COMMAND --help` for its options.
"""

_UNWRITABLE = frozenset({errno.ENOSPC, errno.EIO, errno.EFBIG})
"""Faults of whatever our output goes to."""

INTERRUPTED = -2
"""A program that was watched ended with an unhandled KeyboardInterrupt."""

BROKEN_PIPE = 141
"""What a shell reports of a program that SIGPIPE ended."""


def run(argv: Sequence[str] | None = None) -> int:
    """The whole program; returns the exit code and raises nothing of ours."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["run"]:
        return _run_program(arguments)
    if argv is None:
        # Why: a process of our own ends soon, and what it holds lives until then.
        gc.disable()
    _open_closed_streams()
    try:
        code = _guarded(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        code = BROKEN_PIPE
        _drop_output()
    except OSError as error:
        code = ExitCode.BAD_USE
        _drop_output()
        say_error(f"cannot write to stdout: {error.strerror or error}")
    if argv is None:
        # Why: else the interpreter looks for garbage in all of it before it goes.
        gc.freeze()
    return int(code)


def _run_program(arguments: list[str]) -> int:
    """The process belongs to the program: its streams, its collector, its way to end."""
    code = _guarded(arguments)
    if code == INTERRUPTED:
        # Why: only the interpreter itself can end as it does after an unhandled Ctrl-C.
        sys.excepthook = lambda *_: None
        raise KeyboardInterrupt
    return code


def _guarded(arguments: list[str]) -> int:
    try:
        return _dispatch(arguments)
    except RacecheckError as error:
        say_error(error.message, error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        if arguments[:1] == ["run"]:
            return INTERRUPTED
        sys.stderr.write("racecheck: interrupted\n")
        return ExitCode.INTERRUPTED
    except Exception as error:
        unwritable = isinstance(error, BrokenPipeError) or (
            isinstance(error, OSError) and error.errno in _UNWRITABLE
        )
        if unwritable or "--debug" in arguments:
            raise
        from racecheck.cli import crash

        crash.report(error, arguments)
        return ExitCode.INTERNAL


def _dispatch(arguments: list[str]) -> int:
    first, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if first in ("--version", "-V") or (first == "version" and not rest):
        sys.stdout.write(f"racecheck {__version__}\n")
        return ExitCode.CLEAN
    if first in ("--help", "-h", "help"):
        sys.stdout.write(HELP)
        return ExitCode.CLEAN
    if not first:
        sys.stderr.write(HELP)
        return ExitCode.BAD_USE
    from racecheck.cli import parser, streams

    if first != "run":
        streams.prepare()
    return parser.command(first).run(rest)


def say_error(message: str, hint: str = "") -> None:
    """What happened, then what to do next, each line of it indented."""
    lines = [f"racecheck: error: {message}", *(f"  {line}" for line in hint.splitlines())]
    if sys.stderr is not None:
        sys.stderr.write("\n".join(lines) + "\n")


def _drop_output() -> None:
    """Nobody can have our output (`| head`, a full disk): nothing more is to be flushed."""
    import os

    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


def _open_closed_streams() -> None:
    """A stream that was closed for us (`>&-`) is there, but leads nowhere."""
    import os

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
