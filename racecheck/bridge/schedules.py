"""Schedules that failed, kept in `.racecheck/schedules/`: tried first the next time.

One file a schedule, in TOML, so that a person can read what it does. A schedule whose test passes
three explorations in a row is taken out: what it showed has been repaired, or the code has moved.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from racecheck.core.errors import ScheduleError
from racecheck.core.schedule import PREFIX, Schedule, Switch
from racecheck.explore.verdict import PASSES, Found, Verdict

FOLDER: Final = ".racecheck"
VERSION: Final = 1

PATIENCE: Final = 3
"""Explorations in a row that pass before a schedule is taken out."""

MOST: Final = 10
"""Schedules that are kept of one target; the eldest go first."""


@dataclass(frozen=True, slots=True)
class Saved:
    """One file. `schedule` has its switches in words; `passed`: explorations since it failed."""

    schedule: Schedule
    kind: str = ""
    text: str = ""
    place: str = ""
    passed: int = 0

    @property
    def target(self) -> str:
        """The test that it belongs to, "" if only a token is known."""
        target = self.schedule.target
        return "" if target.startswith("#") else target


class Store:
    """The schedules of a project. `notes`: what could not be read or written, a sentence each."""

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER / "schedules"
        self.notes: list[str] = []

    def path_of(self, schedule: Schedule) -> Path:
        """Where it is, or would be."""
        return self.folder / f"{schedule.name}.toml"

    def shown(self, schedule: Schedule) -> str:
        """The same, as short as it can be said from here."""
        path, here = self.path_of(schedule), Path.cwd()
        return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()

    def of(self, target: str) -> list[Saved]:
        """Those of one target, the youngest first. What cannot be read is noted, and left alone."""
        return [saved for saved in self._all() if saved.target == target]

    def get(self, text: str) -> Saved:
        """What a token, the name of a saved schedule, or the path of its file stands for."""
        if not text.lower().startswith(PREFIX):
            for path in (Path(text), self.folder / f"{text.upper()}.toml"):
                if path.is_file():
                    return read(path)
        schedule = Schedule.parse(text)
        path = self.path_of(schedule)
        if path.is_file():
            return read(path)
        target = next((one.target for one in self._all() if schedule.aim == one.schedule.aim), "")
        return Saved(Schedule(schedule.switches, target, schedule.picks) if target else schedule)

    def save(self, found: Found) -> bool:
        """Keep the schedule of a failure; False if there is nothing to keep, or no place for it."""
        schedule = found.schedule
        if not (schedule.switches or schedule.picks) or (found.replays and not found.replayed):
            return False
        failure = found.failure
        return self._write(Saved(schedule, failure.kind, failure.text, failure.place))

    def settle(self, verdict: Verdict) -> None:
        """After an exploration: keep what failed, take out what fails no more."""
        if verdict.outcome == PASSES:
            for saved in self.of(verdict.target):
                if saved.passed + 1 >= PATIENCE:
                    self._remove(saved)
                else:
                    self._write(replace(saved, passed=saved.passed + 1))
            return
        kept = [found for found in verdict.found if self.save(found)]
        if kept:
            for saved in self.of(verdict.target)[MOST:]:
                self._remove(saved)

    def _all(self) -> Iterator[Saved]:
        for path in self._files():
            try:
                yield read(path)
            except ScheduleError as error:
                self._note(error.message)

    def _files(self) -> Iterable[Path]:
        """The youngest first."""
        with suppress(OSError):
            timed = [(path.stat().st_mtime_ns, path) for path in self.folder.glob("*.toml")]
            return [path for _, path in sorted(timed, reverse=True)]
        return []

    def _write(self, saved: Saved) -> bool:
        path = self.path_of(saved.schedule)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            ignore = self.folder.parent / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", "utf-8")
            # Why in two steps: other processes explore as well, and may read it now.
            part = path.with_suffix(f".{os.getpid()}.part")
            part.write_text("".join(_lines(saved)), "utf-8")
            part.replace(path)
        except OSError as error:
            self._note(f"schedules cannot be saved in {self.folder}: {error.strerror}")
            return False
        return True

    def _remove(self, saved: Saved) -> None:
        with suppress(OSError):
            self.path_of(saved.schedule).unlink()

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def _lines(saved: Saved) -> Iterator[str]:
    yield f"# A schedule under which this test failed: racecheck replay {saved.schedule.name}\n"
    yield f"version = {VERSION}\n"
    words = {"target": saved.target, "schedule": saved.schedule.token}
    words |= {"kind": saved.kind, "failure": saved.text, "place": saved.place}
    for key, value in words.items():
        yield f"{key} = {_quoted(value)}\n"
    yield f"passed = {saved.passed}\n"
    for switch in saved.schedule.switches:
        yield f"\n[[switch]]\nagent = {_quoted(switch.agent)}\nbefore = {_quoted(switch.key)}\n"
        yield f"nth = {switch.nth}\nto = {_quoted(switch.to)}\n"


def _quoted(text: str) -> str:
    """A basic string of TOML; it is one of JSON but for two characters."""
    whole = text.encode("utf-8", "backslashreplace").decode()
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def read(path: Path) -> Saved:
    """The schedule in a file; ScheduleError says in one line what is wrong with it."""
    try:
        data = tomllib.loads(path.read_bytes().decode())
        if data["version"] != VERSION:
            raise ScheduleError(
                f"{path} is of version {data['version']}; this racecheck reads {VERSION}",
                "remove it, or replay it with the racecheck that wrote it",
            )
        return _saved(data)
    except OSError as error:
        raise ScheduleError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ScheduleError(
            f"{path} is cut short or damaged", "remove it; the next exploration makes a new one"
        ) from None


def _saved(data: dict[str, Any]) -> Saved:
    try:
        schedule = Schedule.parse(data["schedule"])
    except ScheduleError as error:
        raise ValueError(error.message) from None
    switches = tuple(
        Switch(str(one["agent"]), str(one["before"]), int(one["nth"]), str(one["to"]))
        for one in data.get("switch", ())
    )
    named = Schedule(switches, str(data["target"]), schedule.picks)
    if named != schedule or named.aim != schedule.aim:
        raise ValueError("its parts do not fit each other")
    kind, text, place = (str(data[key]) for key in ("kind", "failure", "place"))
    return Saved(named, kind, text, place, int(data["passed"]))
