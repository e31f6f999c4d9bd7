"""What `racecheck lint` does once its options are read: lint, write reports, say the rest."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from racecheck import api
from racecheck.cli import crash, emit, options
from racecheck.cli.main import say_error
from racecheck.cli.progress import Progress
from racecheck.cli.streams import is_terminal
from racecheck.core.errors import ExitCode, UsageError
from racecheck.report.result import Result, headline, plural
from racecheck.settings import Loaded
from racecheck.source.text import decode


def run(given: argparse.Namespace, paths: Sequence[str], arguments: Sequence[str]) -> int:
    """Lint, write every report, return the exit code."""
    texts = _stdin(given, paths)
    loaded = api.load_settings(
        list(texts) or paths,
        isolated=given.isolated,
        config=given.config,
        **options.overrides(given),
    )
    targets = emit.targets(loaded)
    _require_baseline(given, texts, loaded)
    result = _lint(given, texts, paths, loaded)
    emit.write(result, targets, _view(given, texts))
    _say_problems(result, arguments, loaded)
    if not given.quiet:
        if (given.update_baseline or given.prune_baseline) and result.errors:
            sys.stderr.write("racecheck: note: the baseline is as before: not all was looked at\n")
        _say_rest(result, paths, loaded, verbose=given.verbose)
    found = result.exit_code
    if found is ExitCode.FINDINGS and loaded.settings.exit_zero:
        return ExitCode.CLEAN
    return found


def _require_baseline(given: argparse.Namespace, texts: Mapping[str, str], loaded: Loaded) -> None:
    if not (given.update_baseline or given.prune_baseline):
        return
    flag = "--update-baseline" if given.update_baseline else "--prune-baseline"
    if texts:
        raise UsageError(f"{flag} needs files, not stdin")
    if not loaded.settings.baseline:
        hint = "add `--baseline .racecheck-baseline.json`, or set `baseline` in pyproject.toml"
        raise UsageError(f"{flag} writes a baseline, and no file is named", hint)


def _lint(
    given: argparse.Namespace, texts: Mapping[str, str], paths: Sequence[str], loaded: Loaded
) -> Result:
    if texts:
        return api.lint_texts(texts, loaded=loaded)
    progress = Progress(sys.stderr, enabled=not given.quiet and is_terminal(sys.stderr))
    try:
        if given.update_baseline or given.prune_baseline:
            return api.update_baseline(
                paths, prune=given.prune_baseline, loaded=loaded, progress=progress
            )
        return api.lint(paths, loaded=loaded, progress=progress)
    finally:
        progress.erase()


def _view(given: argparse.Namespace, texts: Mapping[str, str]) -> emit.View:
    return emit.View(
        color=given.color,
        statistics=given.statistics,
        silent=given.quiet > 1,
        annotate=os.environ.get("GITHUB_ACTIONS") == "true",
        texts=texts,
    )


def _stdin(given: argparse.Namespace, paths: Sequence[str]) -> dict[str, str]:
    """The text of `-` by the name that it is to have; {} when files are linted."""
    if "-" not in paths:
        return {}
    if len(paths) > 1:
        raise UsageError("`-` stands alone: stdin and files are not linted together")
    return {given.stdin_filename or "-": decode(sys.stdin.buffer.read())}


def _say_problems(result: Result, arguments: Sequence[str], loaded: Loaded) -> None:
    folder = loaded.root / loaded.settings.cache_dir
    for problem in result.errors:
        if problem.detail:
            crash.say(problem.message, problem.detail, ["lint", *arguments], folder)
        else:
            say_error(problem.message, problem.hint)


def _say_rest(result: Result, paths: Sequence[str], loaded: Loaded, *, verbose: bool) -> None:
    numbers = result.statistics
    for note in loaded.notes:
        sys.stderr.write(f"racecheck: note: {note}\n")
    if not numbers.named and not result.errors:
        where = ", ".join(str(Path(path)) for path in paths)
        sys.stderr.write(f"0 Python files under {where}\n")
    elif result.findings or not result.errors:
        sys.stderr.write(f"{headline(result)}\n")
    if verbose:
        _say_details(result)


def _say_details(result: Result) -> None:
    numbers = result.statistics
    lines = [
        f"{plural(numbers.skipped, 'file')} without threads, locks or tasks not parsed",
        f"{plural(numbers.parsed, 'file')} parsed, {numbers.cached:,} from the cache, "
        f"{numbers.followed:,} followed",
        f"{plural(numbers.unresolved, 'call')} of {numbers.linked + numbers.unresolved:,} unknown",
        f"{plural(len(result.suppressed), 'finding')} suppressed",
        *numbers.notes,
    ]
    if numbers.reused:
        lines.append("the whole result comes from the cache")
    lines += [f"{seconds:7.2f} s  {stage}" for stage, seconds in numbers.seconds.items()]
    sys.stderr.write("".join(f"  {line}\n" for line in lines))
