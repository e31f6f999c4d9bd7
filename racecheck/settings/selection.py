"""The codes that a run looks for; an unknown one is an error that says who named it."""

from __future__ import annotations

from typing import Final

from racecheck.catalog import load as catalog
from racecheck.core.errors import UnknownRuleError
from racecheck.settings.load import Loaded

NO_REASON: Final = "RC905"


def select(loaded: Loaded) -> frozenset[str]:
    """The codes to look for."""
    book = catalog.rulebook()
    settings = loaded.settings
    selectors = {
        "select": settings.select,
        "ignore": settings.ignore,
        "extend-select": settings.extend_select,
        "per-file-ignores": [c for codes in settings.per_file_ignores.values() for c in codes],
        "suppress": [row.code for row in settings.suppress],
    }
    for key, words in selectors.items():
        for word in words:
            try:
                book.select([word])
            except UnknownRuleError as error:
                where = f"{error.message} in {loaded.origins.get(key, key)}"
                hint = error.hint.partition("\n")[0]
                more = "`racecheck explain --list` shows all rules"
                raise UnknownRuleError(where, hint if more in hint else f"{hint}\n{more}") from None
    # Why: whoever demands reasons wants to hear where they are missing.
    extra = (NO_REASON,) if settings.require_reason and NO_REASON in book.codes else ()
    return book.select(
        settings.select,
        settings.ignore,
        (*settings.extend_select, *extra),
        free_threaded=settings.free_threaded,
    )
