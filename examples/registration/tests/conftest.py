"""Which form of the service is tested: `pytest --form repaired`."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest

PARTS = ("cart", "errors", "events", "goods", "sessions", "stats", "storage", "users")


def pytest_addoption(parser: pytest.Parser) -> None:
    """One flag."""
    parser.addoption("--form", choices=("buggy", "repaired"), default="buggy")


@pytest.fixture
def shop(request: pytest.FixtureRequest) -> SimpleNamespace:
    """The modules of the form, by name."""
    form = request.config.getoption("--form")
    return SimpleNamespace(
        **{part: import_module(f"examples.registration.{form}.{part}") for part in PARTS}
    )
