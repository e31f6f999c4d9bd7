"""Rewriting what is imported: one method of the standard loader is replaced while we watch.

Why the loader and not a finder of our own: every way to a source file (the path finder, the finders
of editable installs, `runpy`) ends at `SourceFileLoader.get_code`, and modules keep the loader,
the spec and the `__cached__` that they would have had.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from contextlib import suppress
from importlib import util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any, Final

from racecheck.runtime.backends.base import Scope
from racecheck.runtime.hooks import hooks
from racecheck.runtime.rewriting import gate
from racecheck.runtime.rewriting.rewriter import compile_with_table
from racecheck.runtime.rewriting.stored import pack, register

_original: Final[Any] = SourceFileLoader.get_code


class Importer:
    """Rewrites the files of one scope while it is installed."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.rewritten = 0
        self._tag = f"{tag()}.pyc"

    def install(self) -> None:
        """From now on imported code is rewritten."""
        SourceFileLoader.get_code = _replacement(self)  # type: ignore[method-assign]

    def remove(self) -> None:
        """What is imported from now on is as it was."""
        SourceFileLoader.get_code = _original  # type: ignore[method-assign]

    def code(self, loader: SourceFileLoader, name: str) -> CodeType | None:
        """Rewritten code of a module; None if it is none of ours, or cannot be done."""
        try:
            path = loader.get_filename(name)
            if not self.scope.covers(path):
                return None
            return self._code(loader, path)
        except SyntaxError:
            return None
        except Exception as error:
            # Whatever it is, it is ours: the program goes on.
            hooks.failures.append(f"rewriting {name}: {type(error).__name__}: {error}")
            return None

    def _code(self, loader: SourceFileLoader, path: str) -> CodeType:
        content = loader.get_data(path)
        stamp = _stamp(path, content)
        cache = self._cache_path(path)
        found = _read(cache, stamp)
        if found is None:
            code, table = compile_with_table(content, path, notes=gate.notes())
            found = code, pack(table.base, table.sites)
            self._write(loader, cache, stamp, found)
        code, blob = found
        register(blob, path)
        self.rewritten += 1
        return code

    def _cache_path(self, path: str) -> str:
        with suppress(NotImplementedError):
            return util.cache_from_source(path).removesuffix(".pyc") + self._tag
        return ""

    def _write(
        self, loader: SourceFileLoader, cache: str, stamp: bytes, found: tuple[CodeType, bytes]
    ) -> None:
        """As the import system does: atomically, and it is no error if it cannot be done."""
        if cache and not sys.dont_write_bytecode:
            loader.set_data(cache, stamp + marshal.dumps(found))


def _read(cache: str, stamp: bytes) -> tuple[CodeType, bytes] | None:
    """What was cached for exactly this source."""
    try:
        data = Path(cache).read_bytes() if cache else b""
        if not data.startswith(stamp):
            return None
        code, blob = marshal.loads(data[len(stamp) :])  # noqa: S302 - what a pyc is
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return code, blob


def _stamp(path: str, content: bytes) -> bytes:
    """Interpreter, place and text that cached code belongs to."""
    digest = hashlib.blake2b(content, digest_size=16, key=path.encode(errors="replace")[-64:])
    return util.MAGIC_NUMBER + digest.digest()


def tag() -> str:
    """Names cached code: by our version, by what we are made of, and by how much is told."""
    import racecheck

    runtime = Path(__file__).parents[1]
    parts = [runtime / "sites.py"]
    for folder in ("analysis", "rewriting"):
        parts += sorted((runtime / folder).glob("*.py"))
    made_of = hashlib.blake2b(digest_size=4)
    for part in parts:
        made_of.update(part.read_bytes())
    much = "n" if gate.notes() else ""
    return f".racecheck-{racecheck.__version__}-{made_of.hexdigest()}{much}"


def _replacement(importer: Importer) -> Any:
    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        found = importer.code(self, fullname)
        return _original(self, fullname) if found is None else found

    # Why: the interpreter cuts frames of the import system out of tracebacks by the file name of
    # their code, so that a syntax error in an imported module looks as it would without us.
    get_code.__code__ = get_code.__code__.replace(
        co_filename="<frozen importlib._bootstrap_external>"
    )
    get_code.__qualname__ = _original.__qualname__
    get_code.__doc__ = _original.__doc__
    get_code.__module__ = _original.__module__
    return get_code
