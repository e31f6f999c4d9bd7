"""What the user may decide. Each value knows where it came from; an error names the line."""

from __future__ import annotations

from racecheck.settings.load import Loaded, load
from racecheck.settings.schema import Settings, Suppression

__all__ = ["Loaded", "Settings", "Suppression", "load"]
