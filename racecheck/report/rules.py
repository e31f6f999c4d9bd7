"""Rule pages as text, for `explain`, SARIF and whoever shows a rule."""

from __future__ import annotations

from textwrap import dedent

from racecheck.catalog.load import rulebook
from racecheck.core.errors import RacecheckError
from racecheck.report.result import RuleText


def rule_text(code: str) -> RuleText:
    """What formats say of a rule; a rule without a page (a user's own) has its code only."""
    try:
        page = rulebook().get(code)
    except RacecheckError:
        return RuleText(code, code)
    parts = (page.what, page.why, page.quiet and f"Not reported: {page.quiet}", page.fix)
    text = "\n\n".join(dedent(part).strip() for part in parts if part)
    return RuleText(page.code, page.name, page.summary, page.severity, text)
