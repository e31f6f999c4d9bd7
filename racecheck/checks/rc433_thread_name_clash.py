"""RC433: a subclass of Thread or Process uses a name that its base needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from racecheck.analyses.constants import surely_not_callable
from racecheck.analyses.starts import Threads, threads
from racecheck.analyses.suite import Study
from racecheck.catalog.models import ReservedName
from racecheck.core.finding import Finding, Severity, Step
from racecheck.program.model import Class, Function
from racecheck.program.tables import Store

CODES = ("RC433",)
_READ_ONLY = frozenset({"ident", "native_id", "pid", "exitcode", "sentinel"})
_SETTABLE = frozenset({"name", "daemon", "authkey"})
_PROPERTIES = _READ_ONLY | _SETTABLE
_KEPT = frozenset(
    {
        "_target", "_args", "_kwargs", "_name", "_daemonic", "_identity", "_parent_name", "_config",
        "interval", "function", "args", "kwargs",
    }
)  # fmt: skip
"""Attributes that the constructor sets and that may be changed afterwards."""

_WHY = {
    "_stop": "join() and is_alive() call self._stop() when the thread has ended",
    "_started": "start(), join() and is_alive() ask self._started, an Event",
    "_handle": "start() and join() use the handle of the thread in self._handle",
    "_os_thread_handle": "start() and join() use the handle of the thread there",
    "_context": "the new thread runs run() in the context that self._context holds",
    "_tstate_lock": "join() and is_alive() wait for self._tstate_lock",
    "_is_stopped": "join() and is_alive() keep there whether the thread has ended",
    "_delete": "the thread takes itself off the list of living threads with self._delete()",
    "_bootstrap": "start() makes the new thread run self._bootstrap()",
    "_bootstrap_inner": "start() waits until self._bootstrap_inner() says that it has begun",
    "_set_ident": "the new thread registers itself with it, and start() waits for that",
    "_set_native_id": "the new thread registers itself with it, and start() waits for that",
    "_set_tstate_lock": "the new thread registers itself with it, and start() waits for that",
    "_wait_for_tstate_lock": "join() and is_alive() call it",
    "_initialized": "every method refuses to work while it is false",
    "_popen": "start(), join() and is_alive() find the child process there",
    "_closed": "every method asks whether the process object was closed",
    "_parent_pid": "start() and join() compare it with the running process",
    "finished": "cancel() sets self.finished, an Event that run() waits for",
}
_HARMLESS = frozenset({"_ident", "_native_id", "_stderr", "_invoke_excepthook", "_is_stopped"})


@dataclass(frozen=True, slots=True)
class Clash:
    """One name of a class that its base reserves, where it is bound, and what comes of it."""

    cls: Class
    row: ReservedName
    base: str
    step: Step
    message: str
    why: str
    severity: Severity = Severity.ERROR


def find(study: Study) -> Iterator[Finding]:
    """Names of Thread, Timer and Process that subclasses take, each once per class."""
    known = threads(study)
    for cls in sorted(study.program.classes.values(), key=lambda c: c.id):
        if known.kind_of(cls) and not _is_internal(cls):
            for row in _reserved(study, cls, known):
                if not _knows(cls, str(row.name)) and (clash := _clash(cls, row)):
                    yield _report(study, clash)


def _is_internal(cls: Class) -> bool:
    """Subclasses of the threading module's own helpers know what they do."""
    bases = (base for c in cls.mro for base in c.facts.bases)
    return any(base.rpartition(".")[2] in ("_DummyThread", "_MainThread") for base in bases)


def _reserved(study: Study, cls: Class, known: Threads) -> Iterator[ReservedName]:
    """The reserved names that some Python from the target version on uses."""
    seen: set[str] = set()
    for base in sorted(cls.externals & known.kinds.keys()):
        for row in study.models.reserved.get(base, ()):
            used = not row.until or _version(row.until) > study.options.target_version
            if used and row.name not in seen:
                seen.add(str(row.name))
                yield row


def _version(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return int(major), int(minor or 0)


def _knows(cls: Class, name: str) -> bool:
    """Does the class use the base's own attribute of this name, and so knows what it replaces?"""
    quoted = {f"'{name}'", f'"{name}"'}
    own = {f"super().{name}", f"self.{name}"}
    for method in cls.methods.values():
        for access in method.facts.accesses:
            value = access.value
            if value is not None and value.kind == "path" and value.text in own:
                return True
        for call in method.facts.calls:
            if call.path == f"super().{name}" and not call.path.endswith("__init__"):
                return True
            if any(value.text in quoted for value in call.args):
                return True
    return False


# --- what is bound how ------------------------------------------------------------------------


def _clash(cls: Class, row: ReservedName) -> Clash | None:
    name = str(row.name)
    method = cls.methods.get(name)
    if method is not None and (clash := _as_method(cls, row, method)):
        return clash
    tables = cls.module.tables
    for store in tables.stores.get(cls, {}).get(name, ()) if tables else ():
        if store.access.kind != "write":
            continue
        in_body = store.function.facts.name == "<class>"
        clash = _in_body(cls, row, store) if in_body else _on_instance(cls, row, store)
        if clash is not None:
            return clash
    return None


def _as_method(cls: Class, row: ReservedName, method: Function) -> Clash | None:
    name, base = str(row.name), _short(row)
    if method.facts.decorators:
        return None
    step = Step("define", method.place(method.facts.line, f"def {name}"), method.label)
    if name in _PROPERTIES:
        message = f"method `{method.label}()` replaces the property `{base}.{name}`"
        why = f"whoever reads `{name}` now gets a bound method instead of the value"
        return Clash(cls, row, base, step, message, why, Severity.WARNING)
    if row.public:
        return None
    if row.kind == "method":
        message = f"method `{method.label}()` replaces the `{name}()` that {base} calls itself"
        return Clash(cls, row, base, step, message, _why(row))
    message = f"method `{method.label}()` is hidden by the `{name}` that {base}.__init__ sets"
    why = f"calling `self.{name}()` fails or calls what {base} stored there"
    return Clash(cls, row, base, step, message, why)


def _in_body(cls: Class, row: ReservedName, store: Store) -> Clash | None:
    """An assignment in the class body: `daemon = True` works, a constant over a method does not."""
    name, base = str(row.name), _short(row)
    if store.access.value is None or store.access.value.text == "declared" or name in _PROPERTIES:
        return None
    step = _step(store, "")
    if row.kind == "method":
        if not surely_not_callable(*store):
            return None
        message = f"`{cls.name}.{name}` hides the method `{base}.{name}()`"
        return Clash(cls, row, base, step, message, _why(row))
    if row.kind == "class" or row.public:
        return None
    message = f"`{cls.name}.{name}` is never seen: {base}.__init__ sets `self.{name}`"
    return Clash(cls, row, base, step, message, _why(row), Severity.WARNING)


def _on_instance(cls: Class, row: ReservedName, store: Store) -> Clash | None:
    name, base = str(row.name), _short(row)
    early = _before_init(cls, store)
    if name in _READ_ONLY:
        message = f"`self.{name}` is a property of {base} that cannot be set"
        return Clash(cls, row, base, _step(store, ""), message, "AttributeError: no setter")
    if name in _SETTABLE or name in _KEPT:
        return _too_early(cls, row, store) if early else None
    if row.kind == "method":
        return _over_method(cls, row, store)
    if row.public and not surely_not_callable(*store):
        return None
    if early:
        return _too_early(cls, row, store)
    severity = Severity.WARNING if name in _HARMLESS else Severity.ERROR
    message = f"`self.{name}` replaces what {base} keeps under that name"
    return Clash(cls, row, base, _step(store, ""), message, _why(row), severity)


def _over_method(cls: Class, row: ReservedName, store: Store) -> Clash | None:
    name, base = str(row.name), _short(row)
    sure = surely_not_callable(*store)
    if row.public and not sure:
        return None
    message = f"`self.{name}` hides the method `{base}.{name}()`"
    note = "what is stored here cannot be called" if sure else ""
    return Clash(cls, row, base, _step(store, note), message, _why(row))


def _too_early(cls: Class, row: ReservedName, store: Store) -> Clash:
    name, base = str(row.name), _short(row)
    raises = name == "daemon" or (name in ("name", "authkey") and not _loses_name(row))
    if raises:
        message = f"`self.{name}` is set before {base}.__init__, which raises an error"
        why = f"the property needs what {base}.__init__ sets up"
    else:
        message = f"`self.{name}` is lost: {base}.__init__, called later, sets it anew"
        why = f"{base}.__init__ assigns `self.{name}` itself"
    return Clash(cls, row, base, _step(store, ""), message, why)


def _loses_name(row: ReservedName) -> bool:
    """`Process.name` may be set early, and is overwritten; `Thread.name` asserts."""
    return row.name == "name" and str(row.base).startswith("multiprocessing")


def _before_init(cls: Class, store: Store) -> bool:
    """Does `__init__` of the base run after this assignment?"""
    if store.function.name != "__init__" or store.function.cls is not cls:
        return False
    inits = [
        call
        for call in store.function.facts.calls
        if call.path.endswith(".__init__") and not call.path.startswith("self.")
    ]
    return bool(inits) and min(call.seq for call in inits) > store.access.seq


# --- the finding ------------------------------------------------------------------------------


def _step(store: Store, note: str) -> Step:
    function, access = store
    return Step("write", function.place(access.line, access.path), function.label, note=note)


def _short(row: ReservedName) -> str:
    return str(row.base).rpartition(".")[2]


def _why(row: ReservedName) -> str:
    name = str(row.name)
    known = _WHY.get(name)
    if known:
        return known
    if row.public:
        return f"`{name}()` of the base can no longer be called"
    if row.kind == "method":
        return f"{_short(row)} calls self.{name}() itself"
    return f"{_short(row)} sets and reads self.{name} itself"


def _versions(row: ReservedName) -> str:
    if row.until:
        major, minor = _version(row.until)
        last = f"up to Python {major}.{minor - 1}"
        return f"from Python {row.since} {last}" if row.since else last
    return f"since Python {row.since}" if row.since else "on every Python"


def _report(study: Study, clash: Clash) -> Finding:
    row, name = clash.row, str(clash.row.name)
    versions = _versions(row)
    evidence = [f"`{clash.cls.name}` derives from `{row.base}`", f"{clash.why} ({versions})"]
    if row.until:
        evidence.append(f"free from {row.until} on; target-version is {_target(study)}")
    return study.finding(
        "RC433",
        f"{clash.cls.name}.{name}",
        clash.message,
        [clash.step],
        severity=clash.severity,
        evidence=evidence,
        help=_help(clash, name),
    )


def _target(study: Study) -> str:
    return ".".join(map(str, study.options.target_version))


def _help(clash: Clash, name: str) -> str:
    if name in _SETTABLE or name in _KEPT:
        return f"Set it after super().__init__(), or pass it to {clash.base}.__init__."
    return f"Use another name, for example `{_free_name(clash, name)}`."


def _free_name(clash: Clash, name: str) -> str:
    """`_stop` as `_stop_event` when it holds one, else with the class in front."""
    own = name.strip("_")
    event = {"stop": "_stop_event", "started": "_was_started", "handle": "_job_handle"}
    return event.get(own, f"_own_{own}" if name.startswith("_") else f"{own}_value")
