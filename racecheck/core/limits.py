"""Every bound, each with its reason. A bound that is reached is said in the statistics."""

from __future__ import annotations

from typing import Final

PATH_DEPTH: Final = 4
"""Field steps kept of an access path; deeper ones are cut and never compared (RacerD keeps 5)."""

CALL_DEPTH: Final = 8
"""Calls followed from an operation when summaries are joined; bounds recursion."""

MAX_FILE_BYTES: Final = 8_000_000
"""Larger files are reported as not analysed: LibCST needs about 200 times the bytes."""

MAX_NESTING: Final = 200
"""Bracket nesting that is parsed; CPython itself stops there, and LibCST recurses natively."""

POOL_LINES: Final = 8_000
"""Lines to parse above which worker processes pay for their start (0.1 s of CPU each)."""

STARTED_LINES: Final = 2_000
"""The same for worker processes that run already."""

BESIDE_FILES: Final = 20
"""Files in the cache above which a few new ones are parsed by a process of their own: meanwhile
the others are decoded, and the import of the parser is not waited for."""

WARM_BYTES: Final = 1_100_000
"""Bytes never seen before, some 32,000 lines, above which they are started while files are still
being looked at: a quarter of those lines will have to be parsed."""

WANTED_BYTES: Final = 140
"""Bytes per line that will have to be parsed, by the same reckoning."""

SMALL_LINES: Final = 5_000
"""Projects up to this many lines are read whole: there the prefilter saves a third of a second, and
would hide a syntax error or a method shadowed in a file without threads."""

FOLLOW_FILES: Final = 200
"""Files outside the prefilter that may be parsed because a call or a base leads there."""

FOLLOW_LINES_SHARE: Final = 0.2
"""The same bound as a share of the lines already parsed."""

PAIRS_PER_FUNCTION: Final = 400
"""Critical pairs kept per function summary; generated code would blow up without it."""

STEPS_PER_FINDING: Final = 6
"""Sides shown of one finding; the rest is counted in the evidence."""
