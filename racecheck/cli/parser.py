"""Flags: built from the settings, with help that starts with an example and errors that suggest."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import NoReturn, Protocol, cast

from racecheck.cli import commands
from racecheck.core.errors import UsageError


class Command(Protocol):
    """What a module of `commands` has."""

    def run(self, arguments: list[str]) -> int:
        """Run with the arguments after the command's name; returns the exit code."""


def command_names() -> list[str]:
    """All commands."""
    return sorted(module.name for module in iter_modules(commands.__path__))


def command(name: str) -> Command:
    """The command of this name; what looks like an option or a path gets a hint of its own."""
    if name in command_names():
        return cast(Command, import_module(f"{commands.__name__}.{name}"))
    if name.startswith("-"):
        raise UsageError(f"unknown option `{name}`", "options stand after the command")
    near = suggest(name, command_names())
    hint = f"{near}\n" if near else ""
    raise UsageError(f"unknown command `{name}`", f"{hint}commands: {', '.join(command_names())}")


def suggest(word: str, known: Iterable[str]) -> str:
    """`did you mean ...?`, or ""."""
    near = get_close_matches(word, list(known), n=1)
    return f"did you mean `{near[0]}`?" if near else ""


class _Formatter(argparse.HelpFormatter):
    """Wide enough for our option names."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=88)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises our errors and leads its help with a verb and examples."""

    def __init__(self, name: str, summary: str, usage: str, examples: Sequence[str] = ()) -> None:
        super().__init__(
            prog=f"racecheck {name}",
            usage=usage,
            add_help=False,
            allow_abbrev=False,
            formatter_class=_Formatter,
        )
        self._summary = summary
        self._examples = examples
        self.add_argument("-h", "--help", action="help", help="show this and exit")
        self.add_argument("--debug", action="store_true", help="show tracebacks of racecheck")

    def error(self, message: str) -> NoReturn:
        """A wrong value or a missing one."""
        said = message.removeprefix("argument ")
        raise UsageError(said, f"`{self.prog} --help` lists the options")

    def format_help(self) -> str:
        """Summary, examples, usage, options."""
        lines = [self._summary, "", *(f"  {example}" for example in self._examples), ""]
        return "\n".join(lines) + "\n" + super().format_help()

    def read(self, arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
        """Options and the rest, in any order; after `--` nothing is an option."""
        words = list(arguments)
        end = words.index("--") if "--" in words else len(words)
        options, rest = self.parse_known_args(words[:end])
        for word in rest:
            if word.startswith("-") and word != "-":
                name = word.partition("=")[0]
                near = suggest(name, self._option_string_actions)
                raise UsageError(
                    f"unknown option `{name}`", near or f"`{self.prog} --help` lists the options"
                )
        return options, [*rest, *words[end + 1 :]]

    def takes_value(self, word: str) -> bool:
        """Whether the next word belongs to this option."""
        action = self._option_string_actions.get(word)
        return action is not None and action.nargs is None and action.option_strings != []

    def read_none(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Options of a command that takes nothing else."""
        options, rest = self.read(arguments)
        if rest:
            raise UsageError(f"{self.prog} takes no argument, not `{rest[0]}`")
        return options
