"""Subclasses of one base."""

from __future__ import annotations

import pytest

from racecheck.analyses.siblings import agree, class_at, may_hold, meet
from racecheck.program.model import Class, Program
from tests.program.build import function, program


@pytest.fixture(scope="module")
def made() -> Program:
    return program(
        app="""
        class Listener: ...
        class ThreadListener(Listener): ...
        class LoopListener(Listener): ...

        class Base:
            def stop(self):
                self.listener.stop()

        class Threaded(Base):
            def __init__(self):
                self.listener = ThreadListener()

        class Looped(Base):
            def __init__(self, other):
                self.listener = LoopListener()
                self.other = other

        class Both(Threaded, Looped): ...
        class Strange(Base): ...

        def ask(flag):
            one = Threaded() if flag else Both()
            two = ThreadListener() if flag else LoopListener()
            return one, two
        """
    )


def of(made: Program, name: str) -> Class:
    return made.classes[f"app.{name}"]


def test_the_narrower_of_two_classes(made: Program) -> None:
    assert meet(of(made, "Base"), of(made, "Looped")) is of(made, "Looped")
    assert meet(of(made, "Looped"), of(made, "Base")) is of(made, "Looped")
    assert meet(of(made, "Strange"), of(made, "Looped")) is None
    assert meet(of(made, "Threaded"), of(made, "Looped")) is not None, "Both is both"
    assert agree(None, of(made, "Looped"))


def test_an_attribute_holds_what_the_nearest_class_stores(made: Program) -> None:
    loop, thread = of(made, "LoopListener"), of(made, "ThreadListener")
    assert may_hold(of(made, "Looped"), "other", loop), "not known"
    assert may_hold(of(made, "Base"), "listener", loop), "it depends on the subclass"
    assert may_hold(of(made, "Both"), "listener", thread)
    assert not may_hold(of(made, "Both"), "listener", loop)


def test_of_several_classes_the_one_that_all_derive_from(made: Program) -> None:
    ask = function(made, "ask")
    assert class_at(ask, "one") is of(made, "Threaded")
    assert class_at(ask, "two") is None
