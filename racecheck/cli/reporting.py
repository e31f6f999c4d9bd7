"""What `racecheck report` does once its options are read."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from racecheck import api
from racecheck.bridge import replay, saved, watching
from racecheck.cli import emit, options
from racecheck.core.errors import ExitCode, MissingPathError
from racecheck.report.result import Result, grades, plural
from racecheck.settings import Loaded


def run(given: argparse.Namespace, name: str) -> int:
    """Read the file, write every report, return the exit code."""
    loaded = api.load_settings(
        ["."],
        isolated=given.isolated,
        config=given.config,
        **options.overrides(given, watching.RUN),
    )
    targets = emit.targets(loaded)
    path = Path(name)
    try:
        result = _result(path, loaded, quiet=bool(given.quiet))
    except OSError as error:
        raise MissingPathError(f"cannot read `{name}`: {error.strerror}") from None
    view = emit.View(
        color=given.color,
        silent=given.quiet > 1,
        annotate=os.environ.get("GITHUB_ACTIONS") == "true",
        stacks=given.stacks,
    )
    emit.write(result, targets, view)
    if not given.quiet:
        count = plural(len(result.findings), "problem") if result.findings else "No problems"
        more = f" ({grades(result)})" if result.findings else ""
        sys.stderr.write(f"{count} in {name}{more}.\n")
    found = result.exit_code
    clean = found is ExitCode.FINDINGS and loaded.settings.exit_zero
    return ExitCode.CLEAN if clean else found


def _result(path: Path, loaded: Loaded, *, quiet: bool) -> Result:
    judge = watching.Judge(loaded)
    if not replay.is_trace(path):
        return saved.read(path, loaded, judge)
    again = replay.read(path, watching.options(loaded))
    if again.cut and not quiet:
        sys.stderr.write(f"racecheck: note: the last line of {path} was cut off and left out\n")
    if not again.complete and not quiet:
        sys.stderr.write("racecheck: note: the run was cut off; this is what was seen until then\n")
    return watching.result(again, loaded, judge=judge)
