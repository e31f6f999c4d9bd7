"""Writes docs/rules/ from rules/catalog; `--check` compares instead and exits with 1."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from racecheck.catalog.load import rulebook  # noqa: E402
from racecheck.catalog.rulebook import Rulebook, RuleInfo  # noqa: E402

FOLDER = ROOT / "docs" / "rules"
NOTE = "<!-- Written by scripts/gen_docs.py from rules/catalog; edit the rule page there. -->"
FAMILIES = {
    "RC1": "Data races and shared state",
    "RC2": "Atomicity",
    "RC3": "Locks and conditions",
    "RC4": "Threads, executors, queues, timers",
    "RC5": "asyncio and threads beside it",
    "RC6": "Processes, fork, signals",
    "RC7": "Free-threaded builds",
    "RC8": "Tests",
    "RC9": "racecheck itself",
}
TIERS = {"default": "on", "optin": "opt-in", "free-threaded": "on for free-threaded targets"}
BY = {"lint": "racecheck lint", "run": "racecheck run", "explore": "racecheck explore"}
FIXES = {"no": "", "safe": "fix", "unsafe": "unsafe fix"}


def main(arguments: list[str]) -> int:
    """Writes or checks all pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, say what would")
    check = parser.parse_args(arguments).check
    pages = render(rulebook())
    present = {path.name for path in FOLDER.glob("*.md")}
    stale = sorted(present - pages.keys())
    changed = sorted(
        name
        for name, text in pages.items()
        if name not in present or (FOLDER / name).read_text("utf-8") != text
    )
    for name in [*changed, *stale]:
        print(f"docs/rules/{name} {'is not up to date' if check else 'written'}")
    if check:
        return 1 if changed or stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in changed:
        (FOLDER / name).write_text(pages[name], "utf-8")
    for name in stale:
        (FOLDER / name).unlink()
    return 0


def render(book: Rulebook) -> dict[str, str]:
    """File name to text, of all pages and the index."""
    pages = {f"{code}-{book.names[code]}.md": "\n".join(page(book, code)) for code in book.rules}
    pages["README.md"] = "\n".join(index(book))
    return pages


def index(book: Rulebook) -> Iterator[str]:
    """The table of all rules, by family."""
    yield NOTE
    yield "# Rules"
    yield ""
    yield f"{len(book.names)} rules. `racecheck explain RC101` prints a page in the terminal."
    for prefix, title in FAMILIES.items():
        codes = [code for code in book.rules if code.startswith(prefix)]
        if not codes:
            continue
        yield ""
        yield f"## {prefix}: {title}"
        yield ""
        yield "| code | name | says | severity | default | fix | found by |"
        yield "|---|---|---|---|---|---|---|"
        for code in codes:
            yield row(book.get(code))
    yield ""


def row(rule: RuleInfo) -> str:
    """One line of the index."""
    link = f"[{rule.code}]({rule.code}-{rule.name}.md)"
    cells = (
        link,
        rule.name,
        rule.summary.replace("|", "\\|"),
        rule.severity,
        TIERS[rule.tier],
        FIXES[rule.fixable],
        ", ".join(rule.found_by),
    )
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def page(book: Rulebook, code: str) -> Iterator[str]:
    """One rule in Markdown."""
    rule = book.get(code)
    yield NOTE
    yield f"# {rule.code} {rule.name}"
    yield ""
    yield f"{rule.summary}."
    yield ""
    facts = [
        rule.severity,
        TIERS[rule.tier],
        f"since {rule.since}",
        FIXES[rule.fixable],
        f"found by {' and '.join(f'`{BY[by]}`' for by in rule.found_by)}",
    ]
    yield f"*{', '.join(fact for fact in facts if fact)}*"
    for title, text in (
        ("What it reports", rule.what),
        ("Why it matters", rule.why),
        ("When it keeps quiet", rule.quiet),
        ("What to do", rule.fix),
    ):
        if text.strip():
            yield from ("", f"## {title}", "", text.strip())
    yield from examples(rule)
    yield from ("", "## Silence", "", "```python")
    yield f"...  # racecheck: ignore[{rule.code}] -- why this is safe"
    yield "```"
    if rule.see or rule.references:
        yield from ("", "## See also", "")
        for other in (code for code in rule.see if code in book.names):
            yield f"- [{other} {book.names[other]}]({other}-{book.names[other]}.md)"
        yield from (f"- <{link}>" if "://" in link else f"- {link}" for link in rule.references)
    yield ""


def examples(rule: RuleInfo) -> Iterator[str]:
    """Bad and good, and the code that looks wrong and is right."""
    yield from ("", "## Examples")
    for example in rule.examples:
        if example.title:
            yield from ("", f"### {example.title}")
        yield from ("", "Bad:", "", *fenced(example.bad), "", "Good:", "", *fenced(example.good))
    if rule.false_alarms:
        yield from ("", "## Looks wrong, is right")
    for alarm in rule.false_alarms:
        yield from ("", alarm.reason.strip(), "", *fenced(alarm.code))


def fenced(text: str) -> list[str]:
    """Code between fences."""
    return ["```python", text.strip("\n"), "```"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
