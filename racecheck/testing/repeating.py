"""One test again and again in one process: its own fixtures anew each time, wider ones kept.

A repetition is what pytest does of a test from setup to teardown, through the hooks of pytest and
of the project's conftest files. Plugins that would take a repetition for the test itself are left
out: they collect its output, its exceptions in threads, or its time.
"""

from __future__ import annotations

import copy
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any, Final

import pytest
from _pytest.logging import caplog_records_key
from _pytest.outcomes import Exit, Failed, XFailed

from racecheck.runtime import pristine
from racecheck.runtime.waits import Abandoned

LEFT_OUT: Final = (
    *("capturemanager", "threadexception", "unraisableexception"),
    *("timeout", "rerunfailures", "racecheck-exploring", "racecheck-watcher"),
)
"""Plugins, by the names that they are registered under, that a repetition does without."""

PLAIN: Final = frozenset(
    {
        *("runner", "logging-plugin", "skipping", "unittest", "nose", "python"),
        *("asyncio", "anyio", "pytest_cov", "_cov", "pytest_mock", "hypothesispytest"),
    }
)
"""Plugins whose hooks do nothing that a function without fixtures would notice."""

ENDING: Final = frozenset({"runner", "logging-plugin", *LEFT_OUT[:3]})
"""Plugins that care for fixtures themselves, and for what is printed, logged and raised there."""

SETTLING: Final = 0.5
"""Real seconds in which threads of the ordinary run may come to their end."""

PHASES: Final = ("setup", "call", "teardown")

Body = Callable[[], None]


class Repeater:
    """Repeats one test. Made before its ordinary run, used once that has been taken down.

    `sibling` stands for a next test that needs all wider fixtures of this one.
    """

    def __init__(self, item: pytest.Function) -> None:
        self.item = item
        self.sibling = copy.copy(item)
        self._given: dict[str, Any] = {}
        self._stash: dict[Any, Any] = {}
        self._asked: list[Any] = []
        self._others = set(threading.enumerate())
        self._hooks = {name: _hook(item, f"pytest_runtest_{name}") for name in PHASES}
        self._setup = item.session._setupstate

    def learn(self) -> None:
        """The ordinary setup is done: what the test was given."""
        self._given = dict(self.item.funcargs)
        self._stash = dict(self.item.stash._storage)

    def settle(self) -> None:
        """Give threads that the ordinary run has left behind the time to end."""
        until = pristine.monotonic() + SETTLING
        for thread in threading.enumerate():
            if thread not in self._others:
                thread.join(max(until - pristine.monotonic(), 0.0))

    @property
    def roots(self) -> list[Any]:
        """Objects that outlive a repetition: values of wider fixtures, and parameters."""
        item = self.item
        if item._request:
            self._asked = list(getattr(item._request, "_fixture_defs", {}).values())
        callspec = getattr(item, "callspec", None)
        kept = list(callspec.params.values()) if callspec is not None else []
        every = [one for one in (*_closure(item), *self._asked) if hasattr(one, "cached_result")]
        for one in {id(one): one for one in every}.values():
            if one.scope != "function" and one.cached_result is not None:
                kept.append(one.cached_result[0])
        return kept

    @property
    def body(self) -> Body:
        """What runs the test once, and raises an exception if it fails."""
        return self.plain if self.is_plain else self.whole

    @property
    def is_plain(self) -> bool:
        """Whether nothing is to be done but calling a function."""
        item = self.item
        if type(item) is not pytest.Function or item.cls is not None:
            return False
        if iscoroutinefunction(item.obj) or not all(map(_is_kept, _closure(item))):
            return False
        hooks = (*self._hooks.values(), _hook(item, "pytest_pyfunc_call"))
        used = {one.plugin_name for hook in hooks for one in hook.get_hookimpls()}
        return used <= PLAIN

    def plain(self) -> None:
        """Call the function."""
        item = self.item
        given = {name: self._given[name] for name in item._fixtureinfo.argnames}
        try:
            item.obj(**given)
        except BaseException as error:
            _raise(error)

    def whole(self) -> None:
        """Setup, call, teardown."""
        counts = self._renew()
        failure: BaseException | None = None
        try:
            self._hooks["setup"](item=self.item)
            self._hooks["call"](item=self.item)
            _raise_of_unittest(self.item)
        except BaseException as error:
            failure = error
        try:
            self._take_down()
        except BaseException as error:
            failure = failure or error
        finally:
            self._clean(counts)
        if failure is not None:
            _raise(failure)

    @property
    def ending(self) -> Callable[..., Any]:
        """The hook that takes down wider fixtures; others were told that this test has ended."""
        self.begin()
        self.item.stash[caplog_records_key] = {}
        manager = self.item.config.pluginmanager
        others = {one for name, one in manager.list_name_plugin() if name not in ENDING}
        return manager.subset_hook_caller("pytest_runtest_teardown", others - {None})

    def begin(self) -> None:
        """As pytest finds a test: without values of fixtures, in a class without an instance."""
        item = self.item
        item._initrequest()
        for key, value in self._stash.items():
            # Why: pytest's own fixtures keep things here, and take them away at the end.
            item.stash._storage.setdefault(key, value)
        item.__dict__.pop("_excinfo", None)
        if item.cls is not None and item.__dict__.pop("_instance", None) is not None:
            item._obj = None

    def _renew(self) -> list[int]:
        self.begin()
        return [len(kept) for kept in self._collected]

    @property
    def _collected(self) -> tuple[list[Any], ...]:
        """What grows while a test runs, and is reported of it."""
        item = self.item
        return item._report_sections, item.user_properties, item.own_markers

    def _take_down(self) -> None:
        """Also where a run was given up, and whatever waits raises at once."""
        item = self.item
        finalizers = self._setup.stack.get(item, ([], None))[0]
        try:
            self._hooks["teardown"](item=item, nextitem=self.sibling)
        except Abandoned:
            while finalizers:
                with suppress(BaseException):
                    finalizers.pop()()
            raise
        finally:
            self._setup.stack.pop(item, None)

    def _clean(self, counts: list[int]) -> None:
        item = self.item
        folder = (item.funcargs or {}).get("tmp_path")
        if isinstance(folder, Path):
            # Why: so that the next repetition is given a folder of the same name.
            shutil.rmtree(folder, ignore_errors=True)
        item._request, item.funcargs = False, None  # type: ignore[assignment]
        for kept, count in zip(self._collected, counts, strict=True):
            del kept[count:]
        os.environ.pop("PYTEST_CURRENT_TEST", None)


def _hook(item: pytest.Item, name: str) -> Any:
    """A hook as it is called for this test, without what is left out."""
    manager = item.config.pluginmanager
    removed = {manager.get_plugin(one) for one in LEFT_OUT} - {None}
    removed |= set(getattr(item.ihook, "remove_mods", ()))
    return manager.subset_hook_caller(name, removed)


def _closure(item: pytest.Function) -> Iterator[Any]:
    """Definitions of all its fixtures; None for one that has none, such as `request`."""
    found = item._fixtureinfo.name2fixturedefs
    for name in item.fixturenames:
        yield from found.get(name) or (None,)


def _is_kept(definition: Any) -> bool:
    """Whether the value of a fixture is the same in each repetition: a wide one, a parameter."""
    if definition is None:
        return False
    parameter = getattr(definition.func, "__name__", "") == "get_direct_param_fixture_func"
    return parameter or definition.scope != "function"


def _raise_of_unittest(item: pytest.Item) -> None:
    """unittest keeps exceptions for the report; a test that it skips is one of them."""
    kept = item.__dict__.pop("_excinfo", None)
    if kept:
        raise kept[0].value


def _raise(error: BaseException) -> None:
    """As an exception if it means that the test fails, whatever else is used to say so."""
    if isinstance(error, XFailed) or not isinstance(error, (Failed, Exit, SystemExit)):
        raise error
    if isinstance(error, Failed):
        failed: Exception = AssertionError(str(error))
    else:
        failed = RuntimeError(f"{type(error).__name__}: {error}")
    raise failed.with_traceback(error.__traceback__) from None
