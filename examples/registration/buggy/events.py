"""Publish and subscribe inside the process, and a log that clients can wait on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """Something that happened; numbers count from 1."""

    number: int
    kind: str
    text: str


Handler = Callable[[Event], None]


class EventBus:
    """Tells the subscribers of a kind about its events, on the thread that publishes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._handlers: dict[str, list[Handler]] = {}
        self._log: list[Event] = []
        self._last = 0
        self._closed = False

    def subscribe(self, kind: str, handler: Handler) -> Subscription:
        """From now on, call `handler` for events of this kind."""
        with self._lock:
            self._handlers.setdefault(kind, []).append(handler)
        return Subscription(self, kind, handler)

    def remove(self, kind: str, handler: Handler) -> None:
        """Undo `subscribe`."""
        with self._lock:
            handlers = self._handlers.get(kind, [])
            if handler in handlers:
                handlers.remove(handler)

    def publish(self, kind: str, text: str) -> Event:
        """Log an event, wake those who wait, then call the handlers with no lock held."""
        with self._changed:
            self._last += 1
            event = Event(self._last, kind, text)
            self._log.append(event)
            handlers = tuple(self._handlers.get(kind, ()))
            self._changed.notify_all()
        for handler in handlers:
            handler(event)
        return event

    def after(self, number: int) -> list[Event]:
        """Events with a higher number; waits for the first one."""
        with self._changed:
            if not self._closed and self._last <= number:
                self._changed.wait()  # BUG RC316: not every wake-up is the right one
            return [event for event in self._log if event.number > number]

    def close(self) -> None:
        """Let everybody go who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class Subscription:
    """Ends with `close`, or when nobody refers to it any more."""

    def __init__(self, bus: EventBus, kind: str, handler: Handler) -> None:
        self._bus = bus
        self._kind = kind
        self._handler = handler

    def close(self) -> None:
        """No more calls after this."""
        self._bus.remove(self._kind, self._handler)

    def __del__(self) -> None:
        with self._bus._lock:  # BUG RC326: may run on a thread that is inside `publish` right now
            handlers = self._bus._handlers.get(self._kind, [])
            if self._handler in handlers:
                handlers.remove(self._handler)
