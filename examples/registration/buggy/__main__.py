"""`python -m examples.registration.buggy --port 8000 --console`."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from .service import Service


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
            service.console.start()
            service.console.over.wait()
        else:
            threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        service.stop()


if __name__ == "__main__":
    main()
