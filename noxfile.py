"""Sessions for development: `nox` runs them all, `nox -s tests-3.13` one."""

from __future__ import annotations

import nox

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False

PYTHONS = ["3.11", "3.12", "3.13"]


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The test suite; arguments go to pytest."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "pytest", "-q", "-n", "2", *session.posargs)


@nox.session(python=PYTHONS[0])
def style(session: nox.Session) -> None:
    """Ruff and mypy."""
    session.install("-e", ".[test]")
    session.run("ruff", "check", ".")
    session.run("mypy")
