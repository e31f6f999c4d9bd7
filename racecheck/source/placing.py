"""Columns for the places of findings; only what is reported is ever looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from racecheck.core.finding import Finding
from racecheck.core.place import Place
from racecheck.source import columns


def placed(finding: Finding, text: Callable[[str], str]) -> Finding:
    """The finding with the columns of all its places. `text` gives the source of a path."""
    steps = tuple(replace(step, place=_located(step.place, text)) for step in finding.steps)
    return replace(finding, place=_located(finding.place, text), steps=steps)


def _located(place: Place, text: Callable[[str], str]) -> Place:
    if place.column or not place.mark:
        return place
    try:
        return columns.locate(place, text(place.path))
    except (OSError, KeyError):
        return place
