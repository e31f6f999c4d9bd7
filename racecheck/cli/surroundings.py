"""What `racecheck doctor` says about watching: backends, what is wrapped, and who else traces."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Final

OTHERS: Final = ("gevent", "eventlet", "greenlet")
"""Libraries with threads of their own, of which nothing is known."""

TRACERS: Final = ("coverage", "debugpy", "pydevd", "viztracer", "pyinstrument")
"""Tools that use the tracing function, the monitoring slots or the profiler."""

TOOLS: Final = 6
"""Monitoring slots that there are."""

_NAMES: Final = {
    "threading": "threading",
    "queues": "queue",
    "futures": "concurrent.futures",
    "asyncio": "asyncio",
    "multiprocessing": "multiprocessing",
}


def backend_lines() -> Iterator[str]:
    """One line for each backend, in the order in which they are tried."""
    from racecheck.runtime.session import backends

    found = list(backends())
    width = max(len(name) for name, _ in found)
    taken = next((name for name, why in found if not why), "")
    for name, why in found:
        said = f"refused  {why}" if why else "usable"
        first = "   taken unless another one is asked for" if name == taken else ""
        yield f"{name:<{width}}  {said}{first}"


def wrapped() -> str:
    """Libraries whose primitives are modelled, and those that are not."""
    from racecheck.runtime.session import LIBRARIES

    known = " ".join(_NAMES[name] for name in LIBRARIES if name in _NAMES)
    return f"{known}; not {', '.join(_other(name) for name in OTHERS)}"


def _other(name: str) -> str:
    return name if find_spec(name) else f"{name} (not installed)"


def also_here() -> str:
    """Tools that trace as well: installed, or at work in this very process."""
    installed = [f"{name} {found}" for name in TRACERS if (found := _version(name))]
    busy = [f"sys.settrace is {_named(sys.gettrace())}"] if sys.gettrace() else []
    if sys.getprofile():
        busy.append(f"sys.setprofile is {_named(sys.getprofile())}")
    if sys.version_info >= (3, 12):
        tools = {number: sys.monitoring.get_tool(number) for number in range(TOOLS)}
        busy += [f"monitoring slot {number} is {name}" for number, name in tools.items() if name]
    return f"{', '.join(installed) or 'none installed'}; at work: {', '.join(busy) or 'none'}"


def _named(function: object) -> str:
    module = getattr(function, "__module__", None) or type(function).__module__
    return f"{module}.{getattr(function, '__qualname__', type(function).__qualname__)}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
