"""What a run leaves in context variables of the thread that calls the body is gone in the next."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

NAMES = """
    from contextvars import ContextVar

    user = ContextVar("user")
    seen = ContextVar("seen", default=[])
"""


def test_what_was_set_is_not_set_in_the_next_run(bench: Any) -> None:
    source = """
    def body():
        assert user.get(None) is None
        user.set("anna")
        assert user.get() == "anna"
    """
    module = bench.load(NAMES + source)
    assert [bench.once(module.body).failures for _ in range(3)] == [()] * 3
    assert module.user.get(None) is None


def test_what_was_set_before_is_as_it_was(bench: Any) -> None:
    source = """
    def body():
        assert user.get() == ["anna"]
        user.get().append("bert")
        assert seen.get() == []
        seen.get().append("bert")
        user.set([])
    """
    module = bench.load(NAMES + source)
    token = module.user.set(["anna"])
    try:
        bench.lab.note_state()
        assert [bench.once(module.body).failures for _ in range(3)] == [()] * 3
        assert module.user.get() == ["anna", "bert"]
    finally:
        module.user.reset(token)


def test_what_the_caller_has_set_is_seen(bench: Any) -> None:
    module = bench.load("def body():\n    assert given.get() == 1\n")
    module.given = ContextVar("given")
    bench.lab.note_state()
    module.given.set(1)
    assert not bench.once(module.body).failures
