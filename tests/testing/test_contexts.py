"""Context variables in repetitions of a test: those from before it, and of wider fixtures."""

from __future__ import annotations

from pathlib import Path

from tests.testing.runs import GO, run

CONTEXTS = """
    from contextvars import ContextVar

    import pytest
    from go import order

    user, page = ContextVar("user"), ContextVar("page")

    @pytest.fixture(scope="module", autouse=True)
    def wide():
        token = page.set("home")
        yield
        page.reset(token)

    @pytest.fixture
    def nobody():
        token = user.set("")
        yield
        user.reset(token)

    def test_sets():
        assert user.get(None) is None
        assert page.get() == "home"
        assert sorted(order()) == [1, 2]
        user.set("anna")

    def test_has(nobody):
        assert user.get() == ""
        assert sorted(order()) == [1, 2]
        user.set("bert")
"""


def test_context_variables_are_as_they_were_before_the_test(tmp_path: Path) -> None:
    done = run(tmp_path, {"go.py": GO, "test_it.py": CONTEXTS}, "--racecheck-explore")
    assert done.code == 0, done.out + done.err
    assert "2 passed" in done.out
    assert "0 of 2 tests fail under exploration" in done.out
    assert "inconclusive" not in done.out
