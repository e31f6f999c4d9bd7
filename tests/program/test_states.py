"""Which state an access is to."""

from __future__ import annotations

from racecheck.program.model import State

from .build import program, state_of


def state(made: object, label: str) -> State:
    found = [s for s in made.states.values() if s.id.label == label]  # type: ignore[attr-defined]
    assert len(found) == 1, (label, [s.id for s in made.states.values()])  # type: ignore[attr-defined]
    return found[0]


def test_attributes_belong_to_the_class_that_declares_them() -> None:
    made = program(
        m="""
        class Base:
            def __init__(self):
                self.n = 0
        class A(Base):
            def f(self, other: "A"):
                self.n += 1
                other.n = 2
        def g(a: A):
            return a.n
        """
    )
    assert state_of(made, "A.f", "self.n") == "attribute m.Base.n of self"
    assert state_of(made, "A.f", "other.n") == "attribute m.Base.n of other"
    assert state_of(made, "g", "a.n") == "attribute m.Base.n of a"
    uses = state(made, "Base.n").uses
    assert [(u.function.label, u.access.kind, u.base) for u in uses] == [
        ("Base.__init__", "write", "self"),
        ("A.f", "update", "self"),
        ("A.f", "write", "other"),
        ("g", "read", "a"),
    ]
    assert state(made, "Base.n").types == {"int"}


def test_attribute_set_in_base_and_below_is_one_state() -> None:
    made = program(
        m="""
        class Base:
            def __init__(self):
                self.x = None
        class A(Base):
            def __init__(self):
                super().__init__()
                self.x = {}
            def f(self):
                return self.x
        """
    )
    assert {s.id.owner for s in made.states.values()} == {"m.Base"}
    assert state(made, "Base.x").types == {"dict"}


def test_class_attributes_and_instance_defaults() -> None:
    made = program(
        m="""
        class A:
            registry = {}
            running = False
            def f(self):
                self.registry["x"] = 1
                self.running = True
            @classmethod
            def g(cls):
                cls.registry.clear()
        def h():
            A.registry.clear()
        """
    )
    for where, path in (("A.f", "self.registry"), ("A.g", "cls.registry"), ("h", "A.registry")):
        assert state_of(made, where, path) == "class attribute m.A.registry of ", where
    assert state_of(made, "A.f", "self.running") == "attribute m.A.running of self"


def test_globals_through_imports() -> None:
    made = program(
        a="""
        CACHE = {}
        COUNT = 0
        def f():
            global COUNT, LATE
            COUNT += 1
            LATE = 1
            CACHE["x"] = 1
        """,
        b="""
        import a
        from a import CACHE as C
        def g():
            C.clear()
            a.COUNT = 2
            return a.CACHE
        def h():
            COUNT = 1
            return COUNT
        """,
    )
    assert state_of(made, "g", "C") == state_of(made, "g", "a.CACHE") == "global a.CACHE of "
    assert state_of(made, "g", "a.COUNT") == state_of(made, "f", "COUNT") == "global a.COUNT of "
    assert state_of(made, "f", "LATE") == "global a.LATE of "
    assert state_of(made, "h", "COUNT") == ""
    assert {u.function.label for u in state(made, "a.CACHE").uses} == {"<module>", "f", "g"}


def test_methods_properties_classes_and_modules_are_no_states() -> None:
    made = program(
        m="""
        import os
        class A:
            class Inner: pass
            @property
            def p(self): return 1
            def m(self): pass
            def f(self):
                return self.m, self.p, self.Inner, os.path, A
        """
    )
    assert not made.states


def test_captured_locals() -> None:
    made = program(
        m="""
        def f():
            results = []
            done = False
            fixed = 1
            def worker():
                nonlocal done
                results.append(fixed)
                done = True
            worker()
            return results, done
        """
    )
    cells = {s.id.name: s for s in made.states.values()}
    assert set(cells) == {"results", "done"}
    assert cells["results"].id.kind == "cell" and cells["results"].id.owner == "m:f"
    assert cells["results"].types == {"list"}
    assert {u.function.label for u in cells["done"].uses} == {"f", "f.worker"}


def test_states_of_typed_attributes() -> None:
    made = program(
        m="""
        class Ledger:
            def __init__(self):
                self.balance = 0
        class Bank:
            def __init__(self, ledger: Ledger):
                self.ledger = ledger
            def f(self):
                self.ledger.balance -= 1
        """
    )
    assert (
        state_of(made, "Bank.f", "self.ledger.balance")
        == "attribute m.Ledger.balance of self.ledger"
    )


def test_mixin_agrees_with_the_class_that_completes_it() -> None:
    made = program(
        m="""
        class Mixin:
            def f(self):
                return self.x
        class A(Mixin):
            def __init__(self):
                self.x = 1
        """
    )
    assert state_of(made, "Mixin.f", "self.x") == "attribute m.A.x of self"


def test_unknown_receivers_have_no_state() -> None:
    made = program(m="def f(a):\n    a.x = 1\n    a.b.c += 1\n")
    assert not made.states
