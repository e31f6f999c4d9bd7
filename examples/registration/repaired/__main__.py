"""`python -m examples.registration.repaired --port 8000 --console`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from .service import Service


def read_console(service: Service) -> None:
    """Standard input belongs to the main thread; the console thread only carries out."""
    for line in sys.stdin:
        if line.strip() == "quit":
            return
        service.console.submit(line)


def main() -> None:
    """Serve until `quit`, end of input on the console, or a signal."""
    parser = argparse.ArgumentParser(description="A small registration service and shop.")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    parser.add_argument("--database", default=":memory:", help="an SQLite file")
    parser.add_argument("--statistics", type=Path, help="append counters to this file")
    parser.add_argument("--console", action="store_true", help="take commands from the terminal")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    service = Service(options.port, options.database, options.statistics)
    service.start()
    try:
        if options.console:
            read_console(service)
        else:
            threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        service.stop()


if __name__ == "__main__":
    main()
