"""What racecheck tells people: one type for lint, run and explore."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from hashlib import blake2b

from racecheck.core.place import Place


class _Ranked(Enum):
    """A ladder of words; compare by `rank`, lowest first."""

    @property
    def rank(self) -> int:
        """Position on the ladder, from 0."""
        return list(type(self)).index(self)

    def __str__(self) -> str:
        return str(self.value)


class Confidence(_Ranked):
    """How sure we are; one ladder for the static and the dynamic side."""

    POSSIBLE = "possible"
    LIKELY = "likely"
    OBSERVED = "observed"
    CONFIRMED = "confirmed"


class Severity(_Ranked):
    """How bad it would be. A note is "atomic only by accident": harmless on a GIL build today."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class Origin(Enum):
    """Which of the three stages produced the finding."""

    LINT = "lint"
    RUN = "run"
    EXPLORE = "explore"


@dataclass(frozen=True, slots=True)
class Step:
    """One side of a finding: what one thread does at one place.

    `role` is a word such as read, write, check, act, acquire, wait, start; `thread` says on which
    thread ("Thread(target=self._run)"); `held` names the locks held there; `note` is one sentence.
    `stack`: the callers, innermost first (`bank/worker.py:12 in settle_all`), known of a run only.
    """

    role: str
    place: Place
    function: str = ""
    thread: str = ""
    held: tuple[str, ...] = ()
    note: str = ""
    stack: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem. `steps[0]` stands at `place`, the side its author must change.

    With a `schedule` the steps are what happened under it, in the order of time. `subject` is the
    state or lock (`Ledger.balance`). `evidence` holds lines that say why two places can run at once
    and how often the state is guarded elsewhere. `help` is the next step. `suppressed` is empty, or
    says who silenced the finding and why. `verdict`: what aiming at it has come to ("confirmed").
    """

    code: str
    name: str
    subject: str
    message: str
    place: Place
    confidence: Confidence
    severity: Severity
    steps: tuple[Step, ...] = ()
    evidence: tuple[str, ...] = ()
    help: str = ""
    origin: Origin = Origin.LINT
    context: str = ""
    schedule: str = ""
    suppressed: str = ""
    edits: tuple[str, ...] = field(default=())
    verdict: str = ""

    @property
    def fingerprint(self) -> str:
        """Identity across edits: no line number and no folder, so moved code keeps its fingerprint.

        `context` (qualified name of the function) tells equal subjects in one file apart.
        """
        name = self.place.path.replace("\\", "/").rpartition("/")[2]
        text = "\0".join((self.code, self.subject, name, self.context, self.place.mark))
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    @property
    def order(self) -> tuple[str, int, int, str, str, str]:
        """Sort key: the same order whatever the number of workers."""
        place = self.place
        return place.path, place.line, place.column, self.code, self.subject, self.context
