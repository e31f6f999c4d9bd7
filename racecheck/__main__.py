"""`python -m racecheck`."""

from __future__ import annotations

import sys

from racecheck.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
