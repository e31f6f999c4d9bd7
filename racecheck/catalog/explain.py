"""A rule page as plain text: what `racecheck explain RC101` prints."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Final

from racecheck.catalog.rulebook import Example, RuleInfo

_MARGIN: Final = 9
_TIERS: Final = {
    "default": "",
    "optin": "off unless selected",
    "free-threaded": "on for free-threaded targets",
}
_FOUND_BY: Final = {
    ("lint",): "",
    ("run",): "found by run and pytest",
    ("lint", "run"): "found by lint, run and pytest",
    ("explore",): "found by explore and pytest",
}


def explain(rule: RuleInfo, names: Mapping[str, str] | None = None, width: int = 84) -> list[str]:
    """The page in lines. `names` maps codes to names, for "see also"."""
    lines = [_head(rule, width), ""]
    for label, text in (
        ("What", rule.what),
        ("Why", rule.why),
        ("Not", rule.quiet),
        ("Fix", rule.fix),
    ):
        lines += _paragraphs(label, text, width)
    for example in rule.examples:
        lines += ["", *_example(example, width)]
    lines += [
        "",
        *_paragraphs("Silence", f"# racecheck: ignore[{rule.code}] -- why this is safe", width),
    ]
    if rule.see:
        also = ", ".join(" ".join((code, (names or {}).get(code, ""))).strip() for code in rule.see)
        lines += _paragraphs("See also", also, width)
    for reference in rule.references:
        lines += _paragraphs("Read", reference, width)
    return lines


def _head(rule: RuleInfo, width: int) -> str:
    facts = [rule.severity, f"since {rule.since}", _TIERS[rule.tier], _FOUND_BY[rule.found_by]]
    if rule.fixable != "no":
        facts.append("fix" if rule.fixable == "safe" else "unsafe fix")
    right = ", ".join(fact for fact in facts if fact)
    left = f"{rule.code}  {rule.name}"
    return f"{left}{right.rjust(max(width - len(left), len(right) + 2))}"


def _paragraphs(label: str, text: str, width: int) -> Iterator[str]:
    """The text wrapped beside its label; lists and indented code keep their lines."""
    first = label.ljust(_MARGIN)
    for line in _reflow(text):
        if line.startswith((" ", "\t")):
            yield (first + line).rstrip()
        else:
            rest = "  " if line.startswith("- ") else ""
            yield from textwrap.wrap(
                line,
                width,
                initial_indent=first,
                subsequent_indent=" " * _MARGIN + rest,
                break_long_words=False,
                break_on_hyphens=False,
            ) or [first.rstrip()]
        first = " " * _MARGIN


def _reflow(text: str) -> Iterator[str]:
    """Lines of one paragraph joined; list items, indented and empty lines stay apart."""
    held = ""
    for line in text.strip().splitlines():
        apart = not line.strip() or line.startswith(("- ", " ", "\t"))
        if apart or not held or held.startswith((" ", "\t")):
            if held:
                yield held
            held = line.rstrip()
            if not line.strip():
                yield ""
        else:
            held = f"{held} {line.strip()}"
    if held:
        yield held


def _example(example: Example, width: int) -> Iterator[str]:
    """Bad and good side by side where they fit, else one below the other."""
    bad, good = (text.strip("\n").splitlines() for text in (example.bad, example.good))
    column = max(len("Bad"), *map(len, bad), 0) + 4 if bad else 4
    if example.title:
        yield f"Example  {example.title}"
    if column + 4 + max(map(len, good), default=0) <= width:
        yield f"{'Bad'.ljust(column)}Good"
        for left, right in zip_longest(bad, good, fillvalue=""):
            yield f"  {left.ljust(column)}{right}".rstrip()
    else:
        yield "Bad"
        yield from (f"  {line}".rstrip() for line in bad)
        yield ""
        yield "Good"
        yield from (f"  {line}".rstrip() for line in good)
