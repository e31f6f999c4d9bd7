"""Runs test suites of the standard library in a process of their own: `suites.py on|off NAME...`.

Prints what failed, one a line after `> `, and last how many ran.
"""

from __future__ import annotations

import io
import sys
import unittest


def main(watched: bool, names: list[str]) -> None:
    """Run them, watched or not."""
    from racecheck.runtime.options import RuntimeOptions
    from racecheck.runtime.session import Session

    session = Session(RuntimeOptions(watch=()))
    if watched:
        session.start()
    suite = unittest.TestLoader().loadTestsFromNames(names)
    result = unittest.TextTestRunner(stream=io.StringIO(), verbosity=0).run(suite)
    for test, _ in (*result.failures, *result.errors):
        sys.stdout.write(f"\n> {test.id()}\n")
    for fault in session.faults():
        sys.stdout.write(f"\n> fault: {fault}\n")
    sys.stdout.write(f"\nran {result.testsRun}\n")


if __name__ == "__main__":
    main(sys.argv[1] == "on", sys.argv[2:])
