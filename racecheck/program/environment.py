"""Classes outside the project: astroid says what stands above them.

Astroid is imported when the first question is asked, and never when none is. An answer is evidence:
what cannot be inferred, takes too long or raises is not known. Answers are kept, across runs if the
caller hands in a mapping, under the version of the distribution that they come from.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

from racecheck.program import standard

BUDGET: Final = 2.0
"""Seconds of CPU for all questions of one run; the parse of a large library takes most of one.

Why not of the clock: a busy machine would know less, and find something else.
"""

_UNKNOWN: Final = "?"

Build = Callable[[str], Any]

Answers = tuple[dict[str, str], float]
"""What was learned, as stored, and the seconds of CPU that it took."""

Aside = Callable[[Callable[[list[str]], Answers], list[str]], Callable[[], Answers | None]]
"""Begins something in another process; what it returns waits for it. None: that process died."""


class Environment:
    """Answers about the libraries that are installed beside racecheck.

    stored: answers of earlier runs, text to text. clock and build are there for tests.
    """

    def __init__(
        self,
        stored: MutableMapping[str, str] | None = None,
        *,
        clock: Callable[[], float] = time.process_time,
        build: Build | None = None,
    ) -> None:
        self._stored: MutableMapping[str, str] = {} if stored is None else stored
        self._known: dict[str, frozenset[str] | None] = {}
        self._clock = clock
        self._build = build or _astroid_module
        self._spent = 0.0
        self._expected: dict[str, None] = {}
        self._coming: Callable[[], Answers | None] | None = None

    def expect(self, names: Iterable[str], aside: Aside) -> None:
        """Have these questions answered by another process; whoever asks one waits for all."""
        new = [name for name in dict.fromkeys(names) if _key(name) not in self._stored]
        if new:
            self._expected = dict.fromkeys(new)
            self._coming = aside(answer, new)

    def ancestors(self, name: str) -> frozenset[str] | None:
        """Qualified names of all bases of a library class; None when they are not known."""
        if name not in self._known:
            self._known[name] = self._recall(name)
        return self._known[name]

    @property
    def exhausted(self) -> bool:
        """Has the budget ended the search? The statistics say so."""
        return self._spent >= BUDGET

    def _receive(self, coming: Callable[[], Answers | None]) -> None:
        """Take over what the other process has learned; if it died, of these nothing is known."""
        self._coming = None
        answers = coming()
        if answers is None:
            self._known.update(dict.fromkeys(self._expected))
            return
        learned, spent = answers
        self._stored.update(learned)
        self._spent += spent

    def _recall(self, name: str) -> frozenset[str] | None:
        if self._coming is not None and name in self._expected:
            self._receive(self._coming)
            if name in self._known:
                return self._known[name]
        key = _key(name)
        text = self._stored.get(key)
        if text is None:
            if self.exhausted:
                return None
            start = self._clock()
            found = self._ask(name)
            self._spent += self._clock() - start
            text = _UNKNOWN if found is None else " ".join(sorted(found))
            self._stored[key] = text
        return None if text == _UNKNOWN else frozenset(text.split())

    def _ask(self, name: str) -> frozenset[str] | None:
        """Libraries may hold anything, so nothing that goes wrong here is our caller's business."""
        if standard.knows(name):
            return standard.ancestors(name)
        try:
            cls = self._find(name)
            return None if cls is None else frozenset(_above(cls))
        except (Exception, RecursionError):
            return None

    def _find(self, name: str) -> Any:
        """The class node of a dotted name: the longest module prefix, then its members."""
        parts = name.split(".")
        for end in range(len(parts) - 1, 0, -1):
            try:
                node = self._build(".".join(parts[:end]))
            except Exception:  # noqa: S112  (a shorter prefix may be the module)
                continue
            for part in parts[end:]:
                node = next((n for n in node.igetattr(part) if hasattr(n, "igetattr")), None)
                if node is None:
                    return None
            return node if hasattr(node, "ancestors") else None
        return None


def answer(names: list[str]) -> Answers:
    """The answers to these questions, within the budget."""
    learned: dict[str, str] = {}
    environment = Environment(learned)
    for name in names:
        environment.ancestors(name)
    return learned, environment._spent


def _key(name: str) -> str:
    return f"{name}@{_version(name)}"


def _above(cls: Any) -> Iterator[str]:
    for base in cls.ancestors():
        qualified = str(base.qname())
        if qualified != "builtins.object":
            yield qualified.removeprefix("builtins.")


def _astroid_module(name: str) -> Any:
    """The tree of an installed module; astroid reads its source and does not import it."""
    from astroid.manager import AstroidManager  # type: ignore[import-untyped]

    manager = AstroidManager()
    manager.always_load_extensions = False
    return manager.ast_from_module_name(name)


def _version(name: str) -> str:
    """The version of the distribution that a module belongs to, "" for the standard library."""
    return _version_of(name.partition(".")[0])


@cache
def _version_of(top: str) -> str:
    if top in sys.stdlib_module_names or not _installed(top):
        return ""
    # Why here: it brings the whole of `email` with it.
    from importlib import metadata

    try:
        return metadata.version(top)
    except metadata.PackageNotFoundError:
        pass
    except Exception:
        return ""
    try:
        distributions = _distributions().get(top, [])
        return metadata.version(distributions[0]) if distributions else ""
    except Exception:
        return ""


def _installed(top: str) -> bool:
    """Whether there is such a module at all; looking through all distributions takes far longer."""
    try:
        return find_spec(top) is not None
    except (ImportError, ValueError):
        return False


@cache
def _distributions() -> Mapping[str, list[str]]:
    from importlib import metadata

    return metadata.packages_distributions()
