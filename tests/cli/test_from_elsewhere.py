"""The same project gives the same findings wherever one stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from racecheck import api

SHARED = """
import threading

from shop.stock import Stock

stock = Stock()


def worker():
    stock.take()


def start():
    for _ in range(4):
        threading.Thread(target=worker).start()
"""
STOCK = """
class Stock:
    def __init__(self):
        self.left = 10

    def count(self):
        return self.left

    def take(self):
        self.left = max(0, self.count() - 1) + self.left * 0
        self.left = min(self.left, self.count())
"""


@pytest.mark.usefixtures("large_project")
def test_findings_do_not_depend_on_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "work" / "project"
    package = project / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "stock.py").write_text(STOCK)
    (package / "work.py").write_text(SHARED)
    found = []
    for folder in (project, tmp_path, Path("/")):
        monkeypatch.chdir(folder)
        findings = api.lint([project], isolated=True, cache=False).findings
        found.append(json.dumps([(f.code, f.subject, f.place.line) for f in findings]))
    assert found[0] == found[1] == found[2]
    assert "Stock.left" in found[0]
