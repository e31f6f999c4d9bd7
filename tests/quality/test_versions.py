"""A schedule that was found by one version of Python fails on the others as well.

The other interpreters need nothing installed: what explores is made of the standard library.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.explore.known import HERE
from tests.processes import ROOT

NAMES = "p02_pop_if_any p08_abba p10_lost_wakeup e06_locked_twice a08_abba oversold".split()

WORKER = """
import importlib, json, sys
from racecheck.core.schedule import Schedule
from racecheck.explore.explorer import Explorer, Plan
from racecheck.explore.lab import Lab
from racecheck.explore.strategies.replay import Replay
from racecheck.runtime.options import RuntimeOptions

folder, told = sys.argv[1], json.loads(sys.argv[2])
sys.path.insert(0, folder)
options = RuntimeOptions(watch=("races", "lock-order"), trace=(folder,), root=folder)
said = {}
with Lab(options) as lab:
    for name, token in told.items():
        test = importlib.import_module(name).test
        lab.note_state()
        if token:
            fails = []
            for _ in range(3):
                strategy = Replay(Schedule.parse(token))
                strategy.begin()
                run = lab.run(strategy, test)
                fails.append(sorted({failure.kind for failure in run.failures}))
            said[name] = [fails[-1], str(len(strategy.missed))]
        else:
            found = Explorer(lab, test, Plan(), name).explore().found[0]
            said[name] = [[found.failure.kind], str(found.schedule)]
print(json.dumps(said))
"""


def interpreters() -> list[str]:
    """One of each version that we support and that is here, but the one that runs this."""
    found = {}
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for minor in (11, 12, 13):
        places = [shutil.which(f"python3.{minor}"), *versions.glob(f"3.{minor}.*/bin/python")]
        for place in filter(None, places):
            if minor != sys.version_info.minor and _is(str(place), minor):
                found[minor] = str(place)
    return list(found.values())


def _is(python: str, minor: int) -> bool:
    wanted = f"import sys; sys.exit(sys.version_info[:2] != (3, {minor}))"
    return subprocess.run([python, "-c", wanted], capture_output=True, check=False).returncode == 0


def answers(python: str, told: dict[str, str]) -> dict[str, tuple[list[str], str]]:
    done = subprocess.run(
        [python, "-c", WORKER, str(HERE), json.dumps(told)],
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, tuple[list[str], str]] = json.loads(done.stdout.splitlines()[-1])
    return found


@cache
def recorded() -> dict[str, tuple[list[str], str]]:
    return answers(sys.executable, dict.fromkeys(NAMES, ""))


@pytest.mark.slow
@pytest.mark.parametrize("python", interpreters())
def test_what_one_version_found_another_one_replays(python: str) -> None:
    tokens = {name: token for name, (_, token) in recorded().items()}
    for name, (kinds, missed) in answers(python, tokens).items():
        assert recorded()[name][0][0] in kinds, name
        assert missed == "0", name
