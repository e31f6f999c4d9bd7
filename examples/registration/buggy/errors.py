"""The one error that a client is told about."""

from __future__ import annotations


class Refused(Exception):
    """A request that the service turns down, with the HTTP status to answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
