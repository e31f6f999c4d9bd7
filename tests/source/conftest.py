"""What tests of reading have in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from racecheck.source import cache


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were written this moment count as old, so that they are remembered."""
    monkeypatch.setattr(cache, "_SETTLED", -(10**18))


@pytest.fixture(autouse=True)
def _large(large_project: None) -> None:
    """Tests of reading are about what is left out."""
