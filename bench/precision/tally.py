"""Count the verdicts of a filled-in table: share true, per rule, with a 95 % interval.

python bench/precision/tally.py bench/precision/verdicts.md
"""

from __future__ import annotations

import collections
import math
import sys
from pathlib import Path

VERDICTS = ("true", "false", "unclear")
Z95 = 1.96


def verdicts(path: Path) -> list[tuple[str, str]]:
    """Code and verdict of every numbered row."""
    out = []
    for row in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in row.strip().strip("|").split(" | ")]
        if len(cells) < 7 or not cells[0].isdigit():
            continue
        verdict = cells[6].strip("| ").lower()
        if verdict not in VERDICTS:
            raise SystemExit(f"row {cells[0]}: verdict `{verdict}` is none of {VERDICTS}")
        out.append((cells[3], verdict))
    return out


def interval(hits: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share = hits / count
    square = Z95 * Z95
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    half = Z95 * spread / (1 + square / count)
    return middle - half, middle + half


def main() -> None:
    """Print the shares; `unclear` counts as not true."""
    rows = [row for name in sys.argv[1:] for row in verdicts(Path(name))]
    if not rows:
        raise SystemExit(__doc__)
    by_code: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for code, verdict in rows:
        by_code[code][verdict] += 1
    print("| code | true | false | unclear |\n|---|---:|---:|---:|")
    for code in sorted(by_code):
        print(f"| {code} | " + " | ".join(str(by_code[code][v]) for v in VERDICTS) + " |")
    hits = sum(verdict == "true" for _, verdict in rows)
    low, high = interval(hits, len(rows))
    print(f"\n{hits} of {len(rows)} true: {hits / len(rows):.0%} (95 %: {low:.0%} to {high:.0%})")


if __name__ == "__main__":
    main()
