"""What the user may decide, where each value came from, and errors that name the line of a bad key."""

from __future__ import annotations

from racecheck.settings.load import Loaded, load
from racecheck.settings.schema import Settings, Suppression

__all__ = ["Loaded", "Settings", "Suppression", "load"]
