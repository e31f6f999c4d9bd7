"""Reads rules/: where it is, what is in it, and what is wrong with it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from racecheck.catalog.merge import merge
from racecheck.catalog.models import LibraryModel, Models
from racecheck.catalog.rulebook import Rulebook
from racecheck.core.errors import CatalogError

S = TypeVar("S", bound=msgspec.Struct)

MODELS_VERSION: Final = 1
"""Raised when `Models` or the merging changes; part of the digest."""


def data_folder() -> Path:
    """The folder with `catalog/` and `models/`: in the installed package, else the checkout's."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_rules", package.parent / "rules"):
        if (folder / "models").is_dir():
            return folder
    raise CatalogError(
        f"no rules beside {package}", "the installation is not complete: install racecheck again"
    )


@lru_cache(maxsize=4)
def rulebook(folder: Path | None = None) -> Rulebook:
    """All rules. Their pages are read when somebody asks for the text."""
    pages = (folder or data_folder()) / "catalog"
    return Rulebook({path.stem: path for path in sorted(pages.glob("RC*.toml"))}, read_toml)


def models(extra: Sequence[Path] = (), cache: Path | None = None) -> Models:
    """The library models that come with racecheck, and those of `extra` files and folders.

    `cache` is a folder where the merged result may be kept: TOML costs ten times as much to read.
    """
    return _models(data_folder() / "models", tuple(extra), cache)


@lru_cache(maxsize=8)
def _models(folder: Path, extra: tuple[Path, ...], cache: Path | None = None) -> Models:
    texts = {path: _read(path) for path in [*sorted(folder.glob("*.toml")), *_expand(extra)]}
    digest = blake2b(f"{MODELS_VERSION}".encode(), digest_size=8)
    for path, text in texts.items():
        digest.update(f"{path.name} {len(text)}\n".encode("utf-8", "surrogatepass") + text)
    key = digest.hexdigest()
    kept = cache / f"models-{key}" if cache else None
    found = _recall(kept) if kept else None
    if found is None:
        found = merge([_parse(path, text, LibraryModel) for path, text in texts.items()], key)
        if kept:
            _keep(kept, found)
    return found


def _recall(kept: Path) -> Models | None:
    try:
        return msgspec.msgpack.decode(kept.read_bytes(), type=Models)
    except (OSError, msgspec.DecodeError):
        return None


def _keep(kept: Path, found: Models) -> None:
    """Writes beside and renames, so that no other process sees half a file."""
    beside = kept.with_name(f"{kept.name}.{os.getpid()}")
    with suppress(OSError):
        beside.write_bytes(msgspec.msgpack.encode(found))
        beside.replace(kept)


def library(path: Path) -> LibraryModel:
    """One model file."""
    return read_toml(path, LibraryModel)


def _expand(extra: Sequence[Path]) -> Iterator[Path]:
    for path in extra:
        if path.is_dir():
            yield from sorted(path.rglob("*.toml"))
        elif path.is_file():
            yield path
        else:
            raise CatalogError(
                f"no library model at {path}", "setting `models` names files or folders"
            )


def read_toml(path: Path, shape: type[S]) -> S:
    """The file as `shape`; whatever does not fit is said with file, line and the next step."""
    return _parse(path, _read(path), shape)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CatalogError(f"cannot read {path}: {error.strerror}") from error


def _parse(path: Path, data: bytes, shape: type[S]) -> S:
    text = ""
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
        return msgspec.convert(tomllib.loads(text), shape)
    except UnicodeDecodeError as error:
        raise CatalogError(f"{path} is not UTF-8 (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise _broken(path, str(error)) from error
    except msgspec.ValidationError as error:
        raise _misfit(path, text, str(error), shape) from error


def _broken(path: Path, message: str) -> CatalogError:
    where = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    line = f":{where[1]}" if where and where[1] else ""
    said = message[: where.start()] if where else message
    end = " (at the end of the file)" if where and not where[1] else ""
    return CatalogError(f"{path}{line}: not valid TOML: {said[:1].lower()}{said[1:]}{end}")


def _misfit(path: Path, text: str, message: str, shape: type[msgspec.Struct]) -> CatalogError:
    said, _, where = message.partition(" - at `$")
    where = where.rstrip("`").lstrip(".")
    unknown = re.search(r"unknown field `([^`]+)`", said)
    table, index, key = _split(where)
    key = unknown[1] if unknown else key
    line = _line(text, table, index, key)
    at = f"{path}:{line}" if line else str(path)
    scope = f", table [[{table}]]" if table else ""
    if not unknown:
        return CatalogError(
            f"{at}: {said[:1].lower()}{said[1:]}{f' for `{key}`' if key else ''}{scope}"
        )
    known = _keys(shape, table)
    near = [word for word in known if word[:4] == key[:4]] or get_close_matches(key, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}"
    return CatalogError(f"{at}: unknown key `{key}`{scope}", hint)


def _split(where: str) -> tuple[str, int, str]:
    """`entry[2].role` as (entry, 2, role); `library` as ("", 0, library)."""
    found = re.match(r"(\w+)\[(\d+)\](?:\.(\w+))?", where)
    if found:
        return found[1], int(found[2]), found[3] or ""
    return "", 0, where.partition(".")[0].partition("[")[0]


def _line(text: str, table: str, index: int, key: str) -> int:
    """Line of `key` in the table with this number; 0 when the layout is an unusual one."""
    start = 0
    if table:
        heads = [m.start() for m in re.finditer(rf"^\s*\[\[{table}\]\]", text, re.MULTILINE)]
        if index >= len(heads):
            return 0
        start = heads[index]
    found = re.compile(rf"^\s*(?:\[+)?{re.escape(key)}\b", re.MULTILINE) if key else None
    match = found.search(text, start) if found else None
    position = match.end() if match else start
    return text.count("\n", 0, position) + 1 if match or table else 0


def _keys(shape: type[msgspec.Struct], table: str) -> list[str]:
    fields: dict[str, Any] = {field.name: field.type for field in msgspec.structs.fields(shape)}
    if table in fields:
        (row, *_) = fields[table].__args__
        return sorted(field.name for field in msgspec.structs.fields(row))
    return sorted(fields)
