"""racecheck finds concurrency bugs in Python, shows them from both sides, and proves them."""

from __future__ import annotations

from typing import Any, Final

__version__ = "0.1.0"
# Types of these names stand in __init__.pyi: here an import of `api` would be one that every module
# below it shares.
__all__ = [
    "Confidence",
    "Exploration",
    "Finding",
    "LintResult",
    "Severity",
    "__version__",
    "explore",
    "lint",
    "watch",
]

_HOMES: Final = {
    "Confidence": "racecheck.core.finding",
    "Exploration": "racecheck.bridge.exploration",
    "Finding": "racecheck.core.finding",
    "LintResult": "racecheck.api",
    "Severity": "racecheck.core.finding",
    "explore": "racecheck.api",
    "lint": "racecheck.api",
    "watch": "racecheck.api",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `import racecheck` itself stays free."""
    if name not in _HOMES:
        raise AttributeError(f"module 'racecheck' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
