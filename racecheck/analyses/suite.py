"""Study: the program and every result about it, each computed once, when a check first asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from racecheck.analyses.critical import Critical
from racecheck.analyses.flags import FlagWrites
from racecheck.analyses.guards import Guards
from racecheck.analyses.hazards import Hazards
from racecheck.analyses.lockset import Locksets
from racecheck.analyses.named import Calls
from racecheck.analyses.parallel import Parallel
from racecheck.analyses.phases import Phases
from racecheck.analyses.races import Races
from racecheck.analyses.sharing import Sharing
from racecheck.analyses.strangers import Strangers
from racecheck.analyses.sync import Sync
from racecheck.analyses.wakeups import Signal, signals
from racecheck.catalog.models import Models
from racecheck.catalog.rulebook import Rulebook
from racecheck.core.finding import Confidence, Finding, Severity, Step
from racecheck.program.model import Program


@dataclass(frozen=True, slots=True)
class Options:
    """What the analyses must know of the settings.

    target_version: the oldest Python the code runs on; strict: report where something is not known.
    """

    free_threaded: bool = False
    target_version: tuple[int, int] = (3, 11)
    strict: bool = False


class Study:
    """All that a check may ask."""

    def __init__(
        self, program: Program, models: Models, rulebook: Rulebook, options: Options = Options()
    ) -> None:
        self.program = program
        self.models = models
        self.rulebook = rulebook
        self.options = options

    @cached_property
    def calls(self) -> Calls:
        """All calls by name."""
        return Calls(self.program)

    @cached_property
    def strangers(self) -> Strangers:
        """Who may call a method that nobody is known to call."""
        return Strangers(self.calls)

    @cached_property
    def locksets(self) -> Locksets:
        """Which locks are held where."""
        return Locksets(self.program, self.calls, self.strangers)

    @cached_property
    def phases(self) -> Phases:
        """Which accesses happen while the object is private."""
        return Phases(self.program)

    @cached_property
    def guards(self) -> Guards:
        """Which lock protects which state."""
        return Guards(self.program, self.locksets, self.phases)

    @cached_property
    def sharing(self) -> Sharing:
        """Evidence that a state is used from several threads."""
        return Sharing(self.program, self.locksets)

    @cached_property
    def hazards(self) -> Hazards:
        """Unprotected uses of shared state and their partners."""
        parallel = Parallel(self.sharing.objects, self.strangers)
        return Hazards(self.program, self.models, self.guards, self.sharing, parallel)

    @cached_property
    def critical(self) -> Critical:
        """What happens while which locks are held."""
        return Critical(self.program, self.models, self.locksets)

    @cached_property
    def races(self) -> Races:
        """Verdicts on shared state."""
        return Races(self.hazards, self.options.free_threaded)

    @cached_property
    def flags(self) -> FlagWrites:
        """Who writes the flags that loops of workers test."""
        return FlagWrites(self.program, self.calls)

    @cached_property
    def sync(self) -> Sync:
        """Who takes, releases, waits on and notifies which lock."""
        return Sync(self.program, self.models, self.locksets, self.calls)

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """All wake-ups and waits whose object is known."""
        return tuple(signals(self.calls, self.sync))

    def finding(
        self,
        code: str,
        subject: str,
        message: str,
        steps: Sequence[Step],
        *,
        confidence: Confidence = Confidence.LIKELY,
        severity: Severity | None = None,
        evidence: Sequence[str] = (),
        help: str = "",
    ) -> Finding:
        """A finding at the first step, with the name and the severity of its rule page."""
        rule = self.rulebook.get(code)
        return Finding(
            code=code,
            name=rule.name,
            subject=subject,
            message=message,
            place=steps[0].place,
            confidence=confidence,
            severity=severity or Severity(rule.severity),
            steps=tuple(steps),
            evidence=tuple(dict.fromkeys(evidence)),
            help=help or _first_sentence(rule.fix),
            context=steps[0].function,
        )


def _first_sentence(text: str) -> str:
    """The next step in one sentence, however the page is wrapped."""
    flat = " ".join(text.split())
    end = flat.find(". ")
    return flat if end < 0 else flat[: end + 1]
