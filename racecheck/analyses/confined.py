"""Functions that look open to other threads, and are not.

`if threaded: Thread(target=work).start()`, `else: work()` runs one or the other. What a thread's
own object does on its own thread stays there, public or not, if the whole program calls it from
there only.
"""

from __future__ import annotations

from racecheck.analyses import callers
from racecheck.analyses.phases import winds_up
from racecheck.analyses.strangers import Strangers
from racecheck.program.model import Class, Function, Link, RoleKind
from racecheck.program.tables import of

_FOR_OTHERS = frozenset("stop cancel quit kill abort join start pause resume wake notify".split())
"""Methods of a thread that are there to be called by other threads."""


def in_its_place(link: Link) -> bool:
    """Does the call do what a thread does in the other branch: one of both runs?

    The test asks how the object was made; a parameter may say something else next time.
    """
    caller = link.caller
    tests = [t for t in caller.context(link.call.ctx).tests if _lasts(caller, t)]
    entries = {e for target in link.targets for e in target.entries if e.starts}
    if not tests or not entries:
        return False
    for other in caller.calls:
        if any(-test in tests for test in caller.context(other.call.ctx).tests):
            started = {target.id for target in other.targets}
            here = (caller.id, other.call.seq)
            if any(e.starts in started or (e.starts, e.call) == here for e in entries):
                return True
    return False


def _lasts(function: Function, number: int) -> bool:
    """Is this a test of an attribute of the own object, which only constructors set?"""
    test = function.facts.tests[abs(number) - 1]
    owner, _, name = test.target.rpartition(".")
    receiver = of(function).receivers.get(function)
    if receiver is None or owner != receiver.name or test.shape not in ("truth", "not"):
        return False
    attribute = receiver.cls.find_attribute(name)
    return attribute is not None and attribute.init_only


class Confined:
    """Answers each question once."""

    def __init__(self, strangers: Strangers) -> None:
        self._strangers = strangers
        self._inline: dict[str, bool] = {}
        self._private: dict[str, bool] = {}

    def inline_only(self, function: Function) -> bool:
        """Does the main thread come here only in the place of a thread?"""
        known = self._inline.get(function.id)
        if known is None:
            self._inline[function.id] = False
            links = [x for x in callers.in_use(function) if RoleKind.MAIN in x.caller.roles]
            known = bool(links) and all(
                in_its_place(link) or self.inline_only(link.caller) for link in links
            )
            self._inline[function.id] = known
        return known

    def to_own_thread(self, function: Function) -> bool:
        """Is it a method of a thread's class that, for all we see, only this thread calls?"""
        cls = function.cls
        if cls is None or "threading.Thread" not in cls.externals or not function.callers:
            return False
        if function.name in _FOR_OTHERS or winds_up(function):
            return False
        known = self._private.get(function.id)
        if known is None:
            known = self._private[function.id] = self._only_from(cls, function)
        return known

    def _only_from(self, cls: Class, goal: Function) -> bool:
        """Do all calls come from `run` of this class, in the end?"""
        work, seen = [goal], {goal}
        while work:
            function = work.pop()
            if any(e.function == function.id for e in function.entries):
                if function.name != "run" or function.cls not in cls.mro:
                    return False
                continue
            links = self._calls_of(function)
            if not links:
                return False
            for link in links:
                if link.caller not in seen:
                    seen.add(link.caller)
                    work.append(link.caller)
        return True

    def _calls_of(self, function: Function) -> list[Link]:
        """Calls of it; if there are none, calls of its name on objects that nobody knows."""
        known = callers.once_made(function)
        if known or function.cls is None:
            return known
        return self._strangers.calling(function.name)
