"""The settings themselves. One list for flags, TOML keys, environment names and the docs table."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

Step = Literal["possible", "likely", "observed", "confirmed"]
Format = Literal["full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "html"]
Words = tuple[str, ...]

DEFAULT_EXCLUDE: Final = (
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".racecheck",
    ".racecheck_cache",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)


class Suppression(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[tool.racecheck.suppress]]`: findings that nobody wants to see, at least until a date.

    `code`: a code, prefix, name or ALL. `subject`: a pattern such as `Ledger.*` ("*": any).
    """

    code: str
    subject: str = "*"
    reason: str = ""
    until: date | None = None


class Settings(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True
):
    """Every setting with its default. Paths are relative to the folder of the settings file."""

    select: Annotated[Words, Meta(description="rules to use; empty: the default rules")] = ()
    ignore: Annotated[Words, Meta(description="rules not to use")] = ()
    extend_select: Annotated[Words, Meta(description="rules to use besides `select`")] = ()
    external: Annotated[
        Words, Meta(description="codes of other tools that suppression comments may name")
    ] = ()
    min_confidence: Annotated[Step, Meta(description="hide findings that are less sure")] = "likely"
    fail_on: Annotated[
        Step, Meta(description="exit with 1 only for findings at least this sure")
    ] = "likely"
    strict: Annotated[bool, Meta(description="report where something is not known")] = False
    free_threaded: Annotated[
        bool, Meta(description="the code also runs on builds without the GIL")
    ] = False
    target_version: Annotated[
        str, Meta(description="oldest Python the code runs on; empty: from requires-python")
    ] = "3.11"
    models: Annotated[Words, Meta(description="files or folders with your own library models")] = ()
    exclude: Annotated[
        Words, Meta(description="names and globs of files and folders to leave out")
    ] = DEFAULT_EXCLUDE
    extend_exclude: Annotated[Words, Meta(description="more of them, besides `exclude`")] = ()
    force_exclude: Annotated[
        bool, Meta(description="leave out excluded files even if they are named")
    ] = False
    respect_gitignore: Annotated[
        bool, Meta(description="leave out what .gitignore files leave out")
    ] = True
    per_file_ignores: Annotated[
        dict[str, Words], Meta(description="glob of files = rules not to use there")
    ] = {}
    suppress: Annotated[
        tuple[Suppression, ...], Meta(description="findings to silence by code and subject")
    ] = ()
    require_reason: Annotated[bool, Meta(description="a suppression must say why: `-- reason`")] = (
        False
    )
    baseline: Annotated[str, Meta(description="file with findings that are already known")] = ""
    project: Annotated[
        str, Meta(description="folder whose other files are read too, but not reported on")
    ] = ""
    cache: Annotated[bool, Meta(description="keep what was read for the next run")] = True
    cache_dir: Annotated[str, Meta(description="where to keep it")] = ".racecheck_cache"
    jobs: Annotated[
        int, Meta(description="worker processes; 0: one for each usable CPU", ge=0, le=256)
    ] = 0
    output_format: Annotated[Format, Meta(description="form of the findings on stdout")] = "full"
    output: Annotated[Words, Meta(description="FORMAT:FILE, written besides stdout")] = ()
    exit_zero: Annotated[bool, Meta(description="exit with 0 even if something was found")] = False

    @property
    def target(self) -> tuple[int, int]:
        """`target_version` as numbers."""
        major, _, minor = self.target_version.partition(".")
        return int(major), int(minor)


RESERVED: Final = ("pytest", "explore")
"""Tables of other commands that may stand in the same section; read elsewhere."""

PATHS: Final = frozenset({"models", "baseline", "project", "cache-dir"})
"""Settings that are paths. Those of a flag or the environment start at the working directory."""


def fields() -> dict[str, msgspec.structs.FieldInfo]:
    """Every setting by its key in TOML (`fail-on`)."""
    return {f.encode_name: f for f in msgspec.structs.fields(Settings)}
