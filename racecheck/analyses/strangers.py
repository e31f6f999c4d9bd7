"""Calls of methods on objects of which nothing is known: by the name of the method.

A guess at who calls a method that nobody is known to call: a listener, a plugin, what a dispatcher
finds. It may keep a report away and never makes one.
"""

from __future__ import annotations

from collections.abc import Collection

from racecheck.program.model import Link, Program


def calls_of(program: Program, names: Collection[str]) -> dict[str, list[Link]]:
    """The calls in production code whose callee has one of these names and is not known."""
    found: dict[str, list[Link]] = {}
    for function in program.functions.values():
        for link in () if function.module.is_test else function.calls:
            known = link.targets or link.external or link.constructs
            if known or not link.receiver or link.receiver.startswith("super()"):
                continue
            name = link.call.path.rpartition(".")[2]
            if name in names:
                found.setdefault(name, []).append(link)
    return found
