"""How large a folder is, in words."""

from __future__ import annotations

from pathlib import Path


def measure(folder: Path) -> tuple[int, int]:
    """(bytes, number of files) below a folder; (0, 0) if there is none."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return sum(sizes), len(sizes)


def readable(size: int) -> str:
    """`3.1 MB`."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"
