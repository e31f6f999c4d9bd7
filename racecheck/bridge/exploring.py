"""Settings down to the explorer, verdicts up to a report: what all faces of exploration share."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, Final

from racecheck.bridge import telling, watching
from racecheck.bridge.block import usable
from racecheck.bridge.schedules import Store
from racecheck.core.errors import BackendError
from racecheck.core.finding import Confidence, Finding, Severity
from racecheck.explore.bounds import Bounds
from racecheck.explore.explorer import Explorer, Plan, Told
from racecheck.explore.lab import Body, Lab
from racecheck.explore.verdict import Found, Verdict
from racecheck.report.result import Result, Statistics
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.session import RefusedError
from racecheck.settings import Loaded

WATCH: Final = ("races", "lock-order")
"""What is observed while schedules are explored; the explorer itself sees the rest."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C. `verdicts`: what was found until then; `verdict`: of what was going on."""

    def __init__(self, *verdicts: Verdict) -> None:
        super().__init__()
        self.verdicts = verdicts

    @property
    def verdict(self) -> Verdict:
        """The last of them."""
        return self.verdicts[-1]


def options(loaded: Loaded) -> tuple[RuntimeOptions, Plan, Bounds]:
    """What the runtime is told, what to try, and within which bounds."""
    own = loaded.settings.explore
    runtime = RuntimeOptions(
        watch=WATCH,
        backend=own.backend,
        trace=own.trace,
        root=str(loaded.root),
        hang_timeout=0.0,
        rules=watching.Rules(),
    )
    plan = Plan(
        strategy=own.strategy,
        schedules=own.schedules,
        seconds=own.seconds,
        seed=own.seed,
        keep_going=own.keep_going,
        bound=None if own.bound < 0 else own.bound,
        depth=own.depth,
    )
    bounds = Bounds(
        schedules=own.schedules,
        seconds=own.seconds,
        threads=own.threads,
        steps=own.steps,
        run_seconds=own.run_seconds,
        away_seconds=own.away_seconds,
    )
    return runtime, plan, bounds


class Counts:
    """Whether a race is a failure: nobody silences it, and it is no note."""

    def __init__(self, judge: watching.Judge) -> None:
        self._judge = judge
        self._known: dict[tuple[str, str], bool] = {}

    def __call__(self, finding: Finding) -> bool:
        """Asked of every race of every run, so the answer is kept."""
        key = finding.fingerprint, str(finding.place)
        known = self._known.get(key)
        if known is None:
            shown = finding.severity is not Severity.NOTE and self._judge.parts([finding])[0]
            known = self._known[key] = bool(shown)
        return known


@contextmanager
def laboratory(
    loaded: Loaded, judge: watching.Judge | None = None, *, imported: bool = False
) -> Iterator[Lab]:
    """A lab as the settings want it. What is explored is imported inside, or was already.

    The `rewrite` backend sees nothing of what was imported before.
    """
    runtime, _, bounds = options(loaded)
    if imported and runtime.backend == "auto":
        runtime = replace(runtime, backend=usable())
    judge = judge or watching.Judge(loaded)
    judge.load()
    early = loaded.settings.explore.timeouts == "early"
    lab = Lab(runtime, bounds, Counts(judge), early=early)
    with ExitStack() as stack:
        try:
            stack.enter_context(lab)
        except RefusedError as refused:
            hint = "`racecheck doctor` says what can be used; `--backend auto` takes the best of it"
            raise BackendError(f"no backend can be used: {refused}", hint) from None
        yield lab


def explore_body(
    body: Body,
    target: str,
    loaded: Loaded,
    *,
    lab: Lab | None = None,
    told: Told | None = None,
    judge: watching.Judge | None = None,
    roots: Iterable[Any] = (),
    **changes: Any,
) -> Verdict:
    """Explore one body. What failed is saved, and tried first the next time.

    Without a `lab` the body was imported already, and the backend is one that sees it. `roots`:
    objects whose state is put back before each run. `changes`: of the plan. An interruption
    raises `Interrupted`, with what was found.
    """
    if lab is None:
        with laboratory(loaded, judge, imported=True) as lab:
            found = explore_body(body, target, loaded, lab=lab, told=told, roots=roots, **changes)
        note = _backend_note(loaded, lab)
        return replace(found, notes=(*found.notes, note)) if note else found
    store = Store(loaded.root)
    saved = tuple(one.schedule for one in store.of(target))
    plan = replace(options(loaded)[1], saved=saved, **changes)
    lab.note_state(roots)
    explorer = Explorer(lab, body, plan, target, told)
    try:
        with interruptible(lab):
            verdict = explorer.explore()
    except KeyboardInterrupt:
        verdict = explorer.so_far()
        for one in verdict.found:
            store.save(one)
        raise Interrupted(verdict) from None
    finally:
        lab.rewind()
    store.settle(verdict)
    return replace(verdict, notes=(*verdict.notes, *store.notes))


@contextmanager
def interruptible(lab: Lab) -> Iterator[None]:
    """Ctrl-C ends the run that is going on, in order; pressed again, it ends us as usual."""
    default = signal.default_int_handler
    mine = threading.current_thread() is threading.main_thread()
    if not mine or signal.getsignal(signal.SIGINT) is not default:
        yield
        return

    def pressed(*_: object) -> None:
        signal.signal(signal.SIGINT, default)
        lab.interrupt()

    signal.signal(signal.SIGINT, pressed)
    try:
        yield
        if lab.interrupted:
            raise KeyboardInterrupt
    finally:
        lab.interrupted = False
        if signal.getsignal(signal.SIGINT) is pressed:
            signal.signal(signal.SIGINT, default)


def _backend_note(loaded: Loaded, lab: Lab) -> str:
    backend = lab.session.backend
    if loaded.settings.explore.backend != "auto" or backend is None or backend.name == "rewrite":
        return ""
    return f"accesses were seen by `{backend.name}`: the code was imported before"


def result(
    verdicts: Sequence[Verdict],
    loaded: Loaded,
    judge: watching.Judge | None = None,
    told: Sequence[Finding] | None = None,
) -> Result:
    """All that was found, as a report shows it. `told`: the findings, if they were told already."""
    rules, untold = watching.Rules(), list[str]()

    def failed(found: Found, error: Exception) -> None:
        untold.append(f"a failure ({found.failure.text}) cannot be told: {error!r}")

    findings = told
    if findings is None:
        findings = [one for v in verdicts for one in telling.findings_of(v, rules, failed)]
    shown, hidden = (judge or watching.Judge(loaded)).parts(findings)
    faults = dict.fromkeys([*(said for one in verdicts for said in one.faults), *untold])
    notes = dict.fromkeys(said for one in verdicts for said in (*one.uncontrolled, *one.notes))
    files = {finding.place.path for finding in (*shown, *hidden)}
    return Result(
        tuple(shown),
        tuple(hidden),
        tuple(watching.fault(said) for said in faults),
        Statistics(files=len(files), named=len(files), notes=tuple(notes)),
        Confidence(loaded.settings.explore.fail_on),
    )
