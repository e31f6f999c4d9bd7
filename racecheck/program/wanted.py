"""Which files that were left out must be read, before anything else is linked.

A base class or a call from interesting code leads there. Interesting is code that holds something
or that runs on a thread of its own. This is asked once, of the files that the prefilter kept, with
no more than names, classes and the calls on the way: whatever is read on top of them cannot change
the answer, and the program is linked once, with all its files.
"""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.facts.schema import Call
from racecheck.program import calls, relays, threads, types
from racecheck.program.model import Class, Function, Link
from racecheck.program.patterns import matcher
from racecheck.program.tables import Tables


def names(tables: Tables) -> frozenset[str]:
    """Dotted names in project modules that are not among those linked; some may be attributes."""
    found = {name for cls in tables.program.classes.values() for name in cls.externals}
    for function in _interesting(tables):
        found.update(_outside(function))
    found |= tables.guessed
    inside = [name for name in found if name.partition(".")[0] in tables.packages]
    wanted = {*inside, *(name.rpartition(".")[0] for name in inside)}
    return frozenset(wanted - tables.modules.keys() - {""})


def _outside(function: Function) -> Iterator[str]:
    """What a function calls or holds that no file defines."""
    for link in function.calls:
        if link.external:
            yield link.external
    for region in function.facts.regions:
        if "(" not in region.path:
            yield from types.of(function, region.path)


def _interesting(tables: Tables) -> dict[Function, None]:
    """Functions that hold something, and all that a thread of its own may come to; with calls."""
    properties = calls.properties(tables)
    work = list(_entries(tables))
    found = dict.fromkeys(work)
    while work:
        function = work.pop()
        function.calls = calls.links(tables, function, properties)
        for link in function.calls:
            for target in link.targets:
                only_made = target.facts.is_async and not function.facts.is_async
                if target not in found and not only_made:
                    found[target] = None
                    work.append(target)
    for function in tables.program.functions.values():
        if function.facts.regions and function not in found:
            function.calls = calls.links(tables, function, properties)
            found[function] = None
    return found


# --- where threads begin ----------------------------------------------------------------------


def _entries(tables: Tables) -> Iterator[Function]:
    """As `threads` finds them, asking only about calls that have the name of what starts one."""
    relays.index(tables)
    starters = {name.rpartition(".")[2] for name in tables.models.entries}
    for function in tables.program.functions.values():
        for call in function.facts.calls:
            if call.path.rpartition(".")[2] in starters:
                yield from _given(tables, function, call)
        decorators = function.facts.decorators
        if decorators and any(threads.decorator_rows(tables, function, v) for v in decorators):
            yield function
    for cls in tables.program.classes.values():
        yield from _overridden(tables, cls)


def _given(tables: Tables, function: Function, call: Call) -> Iterator[Function]:
    """What the call runs elsewhere."""
    targets, external, constructs = calls.resolve(function, call.path)
    receiver = call.path.rpartition(".")[0]
    link = Link(function, call, targets, external, receiver, constructs)
    for row, shift in threads.rows(tables, link):
        value = calls.argument(call, row.position + shift, row.argument)
        if value is not None:
            yield from calls.callables(function, value, call.line)
            yield from (found.target for found in relays.passed(tables, function, value))


def _overridden(tables: Tables, cls: Class) -> Iterator[Function]:
    """Methods that a library calls on subclasses of its own classes."""
    models = tables.models
    for base in (*tables.outside.get(cls, ()), "object"):
        patterns = [p for row in models.subclasses.get(base, ()) for p in row.methods]
        patterns += [row.override for row in models.entries.get(base, ()) if row.override]
        matches = matcher(tuple(patterns))
        for owner in cls.mro if patterns else ():
            for name, method in owner.methods.items():
                if matches(name):
                    yield method
