"""`html`: one page that needs nothing else; findings fold, and a field filters them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from racecheck.core.finding import Finding
from racecheck.report.cells import clean
from racecheck.report.data import portable
from racecheck.report.layout import Line, body_lines
from racecheck.report.result import Context, Result, headline

_HEAD: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; }}
summary {{ cursor: pointer; padding: .3rem 0; }}
pre {{ background: rgb(128 128 128 / 12%); overflow-x: auto; padding: 1rem; border-radius: .4rem; }}
input {{ font: inherit; padding: .3rem .6rem; width: 24rem; max-width: 100%; }}
.where {{ opacity: .7; font-family: ui-monospace, monospace; font-size: .85em; }}
.headline {{ font-weight: bold; }}
.possible, .likely {{ color: #a60; }}
.observed, .confirmed {{ color: #c22; }}
.side1 {{ color: #087; }}
.side2 {{ color: #a2a; }}
.lock {{ color: #282; }}
.gutter {{ opacity: .6; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{summary}</p>
<p><input type="search" placeholder="filter: a rule, a file, a name" aria-label="filter"></p>
"""
_TAIL: Final = """\
<script>
const field = document.querySelector("input");
field.addEventListener("input", () => {
  for (const part of document.querySelectorAll("details")) {
    part.hidden = !part.textContent.toLowerCase().includes(field.value.toLowerCase());
  }
});
</script>
</body>
</html>
"""


def render(result: Result, context: Context) -> Iterator[str]:
    """The page, as ASCII with character references."""
    title = f"{context.tool} {context.version}".strip()
    yield _HEAD.format(title=_text(title), summary=_text(headline(result)))
    for problem in result.errors:
        yield f"<p><strong>error</strong> {_text(problem.message)}</p>\n"
    for finding in result.findings:
        yield from _finding(finding, context)
    yield _TAIL


def _finding(finding: Finding, context: Context) -> Iterator[str]:
    place = finding.place
    grade = str(finding.confidence)
    yield (
        f'<details open id="{finding.fingerprint}"><summary><span class="headline">'
        f"{finding.code}</span> {_text(finding.message)} "
        f'<span class="{grade}">{grade}</span><br>\n'
        f'<span class="where">{_text(portable(place.path))}:{place.line}</span></summary>\n<pre>'
    )
    # Why without the headline: the summary above is it.
    yield "\n".join(_line(line) for line in body_lines(finding, context))
    yield "</pre></details>\n"


def _line(line: Line) -> str:
    parts = (
        f'<span class="{span.style}">{_text(span.text)}</span>' if span.style else _text(span.text)
        for span in line
    )
    return "".join(parts).rstrip()


def _text(text: str) -> str:
    whole = clean(text).encode("utf-8", "replace").decode()
    return escape(whole).encode("ascii", "xmlcharrefreplace").decode()
