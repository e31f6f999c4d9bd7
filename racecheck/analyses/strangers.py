"""Calls of methods on objects of which nothing is known: by the name of the method.

A guess at who calls a method that nobody is known to call: a listener, a plugin, what a dispatcher
finds. It may keep a report away and never makes one.
"""

from __future__ import annotations

from racecheck.analyses.named import Calls
from racecheck.program.model import Link


class Strangers:
    """Answers for each name once."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: dict[str, list[Link]] = {}

    def calling(self, name: str) -> list[Link]:
        """The calls in production code whose callee has this name and is not known."""
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = [x for x in self._calls.ending((name,)) if _is_strange(x)]
        return found


def _is_strange(link: Link) -> bool:
    known = link.targets or link.external or link.constructs or link.caller.module.is_test
    return not known and bool(link.receiver) and not link.receiver.startswith("super()")
