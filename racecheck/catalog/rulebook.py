"""Rule pages, typed, and the selection of rules by code, prefix, name or tier."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal

import msgspec

from racecheck.core.errors import CatalogError, UnknownRuleError

Tier = Literal["default", "optin", "free-threaded"]
_NAME: Final = re.compile(r"(RC\d{3})-([a-z0-9]+(?:-[a-z0-9]+)*)\Z")
_PREFIX: Final = re.compile(r"RC\d{0,3}\Z")
_TIER: Final = re.compile(r'^tier\s*=\s*["\']([\w-]+)["\']', re.MULTILINE)
_FOUND_BY: Final = re.compile(r"^found_by\s*=\s*\[(.*?)\]", re.MULTILINE)


class ExampleOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an example is linted; the defaults are those of `racecheck lint`."""

    free_threaded: bool = False
    strict: bool = False
    target_version: str = ""
    min_confidence: str = ""


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bad module and its repair. Lines of `bad` that are reported end in `# RCnnn`.

    `also`: other codes that may be reported in `bad`. `fixed`: the automatic fix gives `good`.
    """

    bad: str
    good: str
    title: str = ""
    also: tuple[str, ...] = ()
    options: ExampleOptions = ExampleOptions()
    fixed: bool = False


class FalseAlarm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A module that looks wrong and is right; it must give no finding of the page's code."""

    code: str
    reason: str
    options: ExampleOptions = ExampleOptions()


class RuleInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule: what it reports, why, when it keeps quiet and what to do.

    `tier`: `default` rules are on, `optin` ones must be selected, `free-threaded` ones are on for
    free-threaded targets. `found_by`: who reports it; the examples of what only a run reports are
    run, not linted.
    """

    code: str
    name: str
    summary: str
    severity: Literal["error", "warning", "note"]
    since: str
    family: str
    what: str
    why: str
    fix: str
    quiet: str = ""
    tier: Tier = "default"
    found_by: tuple[Literal["lint", "run", "explore"], ...] = ("lint",)
    fixable: Literal["no", "safe", "unsafe"] = "no"
    see: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    examples: tuple[Example, ...] = msgspec.field(default=(), name="example")
    false_alarms: tuple[FalseAlarm, ...] = msgspec.field(default=(), name="false_alarm")


Reader = Callable[[Path, type[RuleInfo]], RuleInfo]


class Pages(Mapping[str, RuleInfo]):
    """Code to page; a page is read when it is asked for and kept."""

    def __init__(self, paths: Mapping[str, Path], reader: Reader) -> None:
        self._paths = paths
        self._reader = reader
        self._read: dict[str, RuleInfo] = {}

    def __getitem__(self, code: str) -> RuleInfo:
        page = self._read.get(code)
        if page is None:
            path = self._paths[code]
            page = self._read[code] = self._reader(path, RuleInfo)
            if f"{page.code}-{page.name}" != path.stem:
                raise CatalogError(f"{path}: the page calls itself {page.code}-{page.name}")
        return page

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


class Rulebook:
    """All rules. `names` maps codes to names and is known from the file names alone."""

    def __init__(self, paths: Mapping[str, Path], reader: Reader) -> None:
        """`paths`: file stem (`RC301-useless-with-lock`) to page."""
        self.names: dict[str, str] = {}
        self._paths: dict[str, Path] = {}
        for stem, path in sorted(paths.items()):
            parts = _NAME.match(stem)
            if parts is None:
                raise CatalogError(f"{path}: a rule page is named RCnnn-words-in-lower-case.toml")
            if parts[1] in self._paths:
                raise CatalogError(f"{path}: {parts[1]} is taken by {self._paths[parts[1]].name}")
            self._paths[parts[1]] = path
            self.names[parts[1]] = parts[2]
        self.rules: Mapping[str, RuleInfo] = Pages(self._paths, reader)
        self._looks: dict[str, tuple[str, str]] = {}

    @property
    def codes(self) -> frozenset[str]:
        """All codes."""
        return frozenset(self.names)

    def get(self, code: str) -> RuleInfo:
        """The page of a code or a name."""
        if code in self.names:
            return self.rules[code]
        (found, *more) = sorted(self._resolve(code)[1]) or [""]
        if not found or more:
            raise self._unknown(code)
        return self.rules[found]

    def path(self, code: str) -> Path:
        """The file of a page."""
        return self._paths[code]

    def tier(self, code: str) -> str:
        """`default`, `optin` or `free-threaded`, without reading the whole page."""
        return self._look()[code][0]

    @property
    def run_only(self) -> frozenset[str]:
        """Codes that lint never reports: nothing but a run, or many of them, shows them."""
        return frozenset(code for code, (_, by) in self._look().items() if "lint" not in by)

    @property
    def seen_in_runs(self) -> frozenset[str]:
        """Codes that a run reports, whether or not lint does as well."""
        return frozenset(code for code, (_, by) in self._look().items() if "run" in by)

    def _look(self) -> dict[str, tuple[str, str]]:
        """Tier of each page, and who reports it; a page is not parsed for that."""
        if not self._looks:
            for code, path in self._paths.items():
                text = path.read_text("utf-8")
                tier, found_by = _TIER.search(text), _FOUND_BY.search(text)
                by = found_by[1] if found_by else '"lint"'
                self._looks[code] = tier[1] if tier else "default", by
        return self._looks

    def select(
        self,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        extend_select: Sequence[str] = (),
        *,
        free_threaded: bool = False,
    ) -> frozenset[str]:
        """The codes to check.

        A selector is a code, a prefix of codes (`RC3`), a name, `ALL` or `DEFAULT`. An empty
        `select` means DEFAULT: the rules that are on unless somebody says otherwise. The more exact
        selector wins, so `select RC309, ignore RC3` leaves RC309; between equals `ignore` wins.
        """
        wanted: dict[str, int] = {}
        for selector in (*(select or ("DEFAULT",)), *extend_select):
            rank, codes = self._resolve(selector, free_threaded)
            for code in codes:
                wanted[code] = max(rank, wanted.get(code, 0))
        for selector in ignore:
            rank, codes = self._resolve(selector, free_threaded)
            for code in codes:
                if wanted.get(code, -1) <= rank:
                    wanted.pop(code, None)
        return frozenset(wanted)

    def known(self, selector: str) -> bool:
        """Whether a suppression comment or a setting may name this."""
        try:
            self._resolve(selector)
        except UnknownRuleError:
            return False
        return True

    def _resolve(self, selector: str, free_threaded: bool = False) -> tuple[int, frozenset[str]]:
        """How exact a selector is, and its codes."""
        word = selector.strip().upper()
        if word == "ALL":
            return 0, self.codes
        if word == "DEFAULT":
            tiers = {"default", "free-threaded"} if free_threaded else {"default"}
            return 0, frozenset(code for code in self.names if self.tier(code) in tiers)
        if _PREFIX.match(word):
            codes = frozenset(code for code in self.names if code.startswith(word))
        else:
            codes = frozenset(c for c, name in self.names.items() if name == word.lower())
        if not codes:
            raise self._unknown(selector)
        return len(word) if _PREFIX.match(word) else len("RC000"), codes

    def _unknown(self, selector: str) -> UnknownRuleError:
        words = [*self.names.values()] if "-" in selector else [*self.names, *self.names.values()]
        near = get_close_matches(selector.strip().upper(), words, n=1, cutoff=0.6)
        near = near or get_close_matches(selector.strip().lower(), words, n=1, cutoff=0.6)
        hint = (
            f"did you mean `{near[0]}`?" if near else "`racecheck explain --list` shows all rules"
        )
        return UnknownRuleError(f"unknown rule `{selector}`", hint)
