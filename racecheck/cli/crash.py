"""A fault of ours: a file fit for a bug report, and one line that says where it is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final, TextIO

from racecheck import __version__

FOLDER: Final = ".racecheck_cache"


def report(error: BaseException, arguments: Sequence[str], stream: TextIO | None = None) -> None:
    """Write the crash file and say so on stderr."""
    import traceback

    detail = "".join(traceback.format_exception(error))
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    say(what, detail, arguments, stream=stream)


def say(
    what: str,
    detail: str,
    arguments: Sequence[str],
    folder: Path | None = None,
    stream: TextIO | None = None,
) -> None:
    """One line about a fault whose traceback is already text."""
    path = write(detail, arguments, folder or Path(FOLDER))
    line = " ".join(what.split())
    line = line if len(line) <= 200 else line[:200] + "..."
    (stream or sys.stderr).write(
        f"racecheck: internal error: {line}\n"
        f"  this is a fault of racecheck; please report it with {path}\n"
    )


def write(detail: str, arguments: Sequence[str], folder: Path) -> Path:
    """The file, in `folder` or, if that cannot be written, in the temporary folder."""
    import tempfile

    text = _page(detail, arguments)
    name = f"crash-{blake2b(detail.encode('utf-8', 'replace'), digest_size=5).hexdigest()}.md"
    for place in (folder, Path(tempfile.gettempdir())):
        try:
            place.mkdir(parents=True, exist_ok=True)
            _mark(place)
            (place / name).write_text(text, "utf-8", errors="backslashreplace")
        except OSError:
            continue
        return place / name
    return Path("-")


def _mark(folder: Path) -> None:
    """The folder keeps itself out of version control."""
    ignore = folder / ".gitignore"
    if folder.name == FOLDER and not ignore.exists():
        ignore.write_text("*\n", "utf-8")


def _page(detail: str, arguments: Sequence[str]) -> str:
    import platform

    versions = "\n".join(f"- {name} {version}" for name, version in libraries())
    return (
        "# racecheck crashed\n\n"
        f"- racecheck {__version__}\n"
        f"- {platform.python_implementation()} {platform.python_version()}\n"
        f"- {platform.system()} {platform.machine()}\n"
        f"{versions}\n\n"
        f"    racecheck {' '.join(arguments)}\n\n"
        f"```\n{detail.rstrip()}\n```\n"
    )


def libraries() -> list[tuple[str, str]]:
    """Versions of what racecheck runs on."""
    from importlib.metadata import PackageNotFoundError, version

    found: list[tuple[str, str]] = []
    for name in ("libcst", "msgspec", "rich", "pathspec", "astroid"):
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            found.append((name, "not installed"))
    return found
