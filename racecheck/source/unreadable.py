"""RC903: files that are not Python, told in the words of the running Python where it has some."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from racecheck.core.finding import Confidence, Finding, Severity
from racecheck.core.place import Place
from racecheck.facts import schema
from racecheck.facts.schema import FileFacts

CODE: Final = "RC903"
SEVERITIES: Final = {
    "syntax": Severity.ERROR,
    "encoding": Severity.ERROR,
    "size": Severity.NOTE,
    "nesting": Severity.NOTE,
}
"""What kinds of `FileFacts.problem` are the file's fault, and whether it counts."""


def broken(data: Mapping[str, bytes]) -> dict[str, FileFacts]:
    """Facts of those files that are not Python, among files without threads.

    The running Python looks first, for it is fast; what it rejects may still be newer syntax.
    """
    found = {}
    for path, content in data.items():
        try:
            _compile(content)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            from racecheck.facts.read import read

            facts = read(content)
            if facts.problem is not None:
                found[path] = facts
    return found


def findings(
    files: Mapping[str, FileFacts], text: Callable[[str], str], names: Mapping[str, str]
) -> list[Finding]:
    """A finding for every file that is not Python, or too large or deep to look at.

    `text` gives the source of a path; `names` are those of the rules by code.
    """
    found = []
    for path, facts in files.items():
        problem = facts.problem
        if problem is None or problem.kind not in SEVERITIES:
            continue
        if problem.kind == "syntax":
            problem = _in_words(problem, path, text)
        found.append(
            Finding(
                code=CODE,
                name=names.get(CODE, "unreadable-file"),
                subject=path.replace("\\", "/").rpartition("/")[2],
                message=f"Cannot read this file: {problem.message}",
                place=_spot(path, problem),
                confidence=Confidence.CONFIRMED,
                severity=SEVERITIES[problem.kind],
                help="mend the file, or leave it out with `exclude`",
            )
        )
    return found


def _spot(path: str, problem: schema.Problem) -> Place:
    """One character, or the beginning of the file when nobody can say where."""
    line, column = problem.line, problem.column
    if problem.kind == "syntax" and line and column:
        return Place(path, line, column, line, column + 1)
    return Place(path, max(line, 1))


def _in_words(problem: schema.Problem, path: str, text: Callable[[str], str]) -> schema.Problem:
    """The running Python explains errors better than a grammar does, if it sees one as well."""
    try:
        _compile(text(path))
    except SyntaxError as error:
        return schema.Problem("syntax", error.msg, error.lineno or 0, error.offset or 0)
    except (OSError, KeyError, ValueError, RecursionError, MemoryError):
        pass  # the file is gone, or too much for the compiler
    return problem


def _compile(source: str | bytes) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(source, "<source>", "exec", dont_inherit=True)
