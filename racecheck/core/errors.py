"""Errors that a user can do something about: what happened, where, what to do next."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command (DESIGN section 7)."""

    CLEAN = 0
    FINDINGS = 1
    BAD_USE = 2
    INTERNAL = 3
    INTERRUPTED = 130


class RacecheckError(Exception):
    """Base of all our errors. `slug`: paragraph in docs/messages.md; `hint`: the next step."""

    slug = "error"
    exit_code = ExitCode.BAD_USE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(RacecheckError):
    """Wrong option, unknown rule, missing path."""

    slug = "usage"


class MissingPathError(UsageError):
    """A path on the command line does not exist or cannot be read."""

    slug = "missing-path"


class UnknownRuleError(UsageError):
    """A selector names no rule, prefix or name."""

    slug = "unknown-rule"


class BackendError(UsageError):
    """A program cannot be watched here in the way that was asked for."""

    slug = "backend"


class SettingsError(RacecheckError):
    """A settings file is broken or has an unknown key or a wrong value."""

    slug = "settings"


class CatalogError(RacecheckError):
    """A rule page or a library model does not fit its schema."""

    slug = "catalog"


class ScheduleError(UsageError):
    """A schedule's token cannot be read."""

    slug = "schedule"


class InternalError(RacecheckError):
    """A fault of racecheck, not of the user's code."""

    slug = "internal"
    exit_code = ExitCode.INTERNAL
