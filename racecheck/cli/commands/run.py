"""`racecheck run`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from racecheck.cli import options
from racecheck.cli.parser import Parser
from racecheck.core.errors import UsageError

_EXAMPLES: Final = (
    "racecheck run app.py --port 80          a script, with its own options after it",
    "racecheck run -m package.module         a module",
    "racecheck run --watch lock-order app.py only the order of locks",
    "racecheck run -o json:found.json app.py and a file for other programs",
)


def build() -> Parser:
    """The flags of this command."""
    parser = Parser(
        "run",
        "Run a program and watch its threads. Its output and its exit code stay its own.",
        "racecheck run [options] SCRIPT [ARGS ...]\n"
        "       racecheck run [options] -m MODULE [ARGS ...]",
        _EXAMPLES,
    )
    options.add_watching(parser)
    options.add_sources(parser)
    show = parser.add_argument_group("Show")
    show.add_argument("--stacks", action="store_true", help="the callers of every side")
    show.add_argument(
        "--exit-code",
        type=_code,
        default=66,
        metavar="N",
        help="exit code when something was found and the program's own is 0 (default 66)",
    )
    show.add_argument(
        "-q", "--quiet", action="count", default=0, help="findings only; -qq: exit code only"
    )
    show.add_argument("-v", "--verbose", action="store_true", help="backend, what went unseen")
    show.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="paint the findings"
    )
    return parser


def _code(text: str) -> int:
    code = int(text)
    if not 0 <= code <= 255:
        raise ValueError(text)
    return code


def run(arguments: list[str]) -> int:
    """Run the program; returns its exit code, or 66."""
    parser = build()
    ours, rest = split(parser, arguments)
    given = parser.read_none(ours)
    from racecheck.cli import program

    target = program.arguments_after(rest)
    if target is None:
        what = "-m needs the name of a module" if rest else "which program?"
        raise UsageError(what, "racecheck run SCRIPT [ARGS ...], or -m MODULE [ARGS ...]")
    from racecheck.cli import running

    return running.run(given, target, arguments)


def split(parser: Parser, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """(our own options, the program with its arguments)."""
    index = 0
    while index < len(words):
        word = words[index]
        if word == "--":
            return list(words[:index]), list(words[index + 1 :])
        if word == "-m" or not word.startswith("-") or word == "-":
            break
        index += 2 if parser.takes_value(word) else 1
    return list(words[:index]), list(words[index:])
