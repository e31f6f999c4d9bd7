"""What tests of the command line have in common."""

from __future__ import annotations

import pytest

from racecheck.checks import registry
from tests.cli.bugs import marked


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty project as working directory, and the test's own check."""
    for name in ("GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(registry, "run", lambda study, codes: (list(marked(study)), []))
    return tmp_path
