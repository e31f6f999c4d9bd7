"""Study: the program and every result about it, each computed once, when a check first asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
            evidence=tuple(evidence),
            help=help or rule.fix.strip().partition("\n")[0],
            context=steps[0].function,
        )
