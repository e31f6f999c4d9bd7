"""Programs with one finding each: its sides are marked in comments, `# 1 update`, in order."""

from __future__ import annotations

import re
from pathlib import Path

from racecheck.bridge.attack import Limits
from racecheck.bridge.bodies import body_of
from racecheck.bridge.confirm import Confirmer
from racecheck.core.finding import Confidence, Finding, Severity, Step
from racecheck.core.place import Place
from racecheck.explore.bounds import Bounds
from racecheck.explore.lab import Lab
from racecheck.runtime.options import RuntimeOptions
from tests.bridge.explored import TWO_THREADS, module

SIDE = re.compile(r"# (\d) (\w+)( held)?$")

ENOUGH = Limits(100, 20.0)

COUNTER = """\
class Page:
    def __init__(self):
        self.hits = 0
        self.lock = threading.Lock()

    def show(self):
        self.hits += 1  # 1 update

    def guarded(self):
        with self.lock:
            self.show()
"""


def finding(path: str, text: str, code: str, subject: str) -> Finding:
    """What lint would say of the program."""
    sides = []
    for number, line in enumerate(text.splitlines(), 1):
        for order, role, held in SIDE.findall(line):
            locks = ("lock",) if held else ()
            sides.append((order, Step(role, Place(path, number, 1), held=locks)))
    steps = tuple(step for _, step in sorted(sides, key=lambda one: one[0]))
    return Finding(
        code=code,
        name="name",
        subject=subject,
        message=f"Something about `{subject}`",
        place=steps[0].place if steps else Place(path, 1),
        confidence=Confidence.LIKELY,
        severity=Severity.ERROR,
        steps=steps,
        evidence=("shared: somehow",),
        context="Page.show",
    )


def confirmed(
    folder: Path, text: str, code: str, subject: str, *, limits: Limits = ENOUGH
) -> tuple[Finding, Confirmer]:
    """The finding with its verdict, by all functions of the program whose name begins with test."""
    whole = TWO_THREADS + text
    options = RuntimeOptions(watch=("races", "lock-order"), backend="settrace", hang_timeout=0.0)
    with Lab(options, Bounds(), lambda race: race.severity is not Severity.NOTE) as lab:
        loaded = module(folder, whole)
        path = Path(str(loaded.__file__)).name
        confirmer = Confirmer([finding(path, whole, code, subject)], limits)
        tests = {name: value for name, value in vars(loaded).items() if name.startswith("test")}
        lab.note_state()
        for name, test in tests.items():
            confirmer.look(lab, body_of(test, name), f"m:{name}")
        for target in confirmer.wanted:
            name = target.partition(":")[2]
            confirmer.attack(lab, body_of(tests[name], name), target)
    (found,) = confirmer.findings()
    return found, confirmer
