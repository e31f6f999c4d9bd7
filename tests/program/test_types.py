"""What attributes, locals, parameters and results hold."""

from __future__ import annotations

from racecheck.program import types

from .build import cls, function, program, targets, typed


def test_attributes_and_what_they_hold() -> None:
    made = program(
        m="""
        import queue, threading
        from dataclasses import dataclass, field
        from typing import ClassVar, Optional
        class Ledger: pass
        class A:
            limit = 3
            def __init__(self, ledger: Ledger, other, name=None):
                self.ledger = ledger
                self.queue = queue.Queue()
                self.thread: Optional[threading.Thread] = None
                self.event = None
                self.other = other
                self.cache = {}
                self.flag = False
            def start(self):
                self.event = threading.Event()
                self.flag = True
        @dataclass
        class D:
            total: ClassVar[int] = 0
            items: list[str] = field(default_factory=list)
            lock: threading.Lock = field(default_factory=threading.Lock)
        """
    )
    a, d = cls(made, "A").attributes, cls(made, "D").attributes
    assert a["ledger"].types == {"m.Ledger"}
    assert a["queue"].types == {"queue.Queue"}
    assert a["thread"].types == {"threading.Thread"}
    assert a["event"].types == {"threading.Event"} and not a["event"].guess
    assert a["other"].guess and not a["other"].types
    assert a["cache"].types == {"dict"} and a["cache"].init_only
    assert not a["flag"].init_only and not a["event"].init_only
    assert a["limit"].class_level and not a["flag"].class_level
    assert d["items"].types == {"list"} and not d["items"].class_level
    assert d["lock"].types == {"threading.Lock"} and d["lock"].lock is not None
    assert d["total"].class_level


def test_types_of_locals_parameters_and_results() -> None:
    made = program(
        m="""
        from __future__ import annotations
        import queue
        from concurrent.futures import ThreadPoolExecutor
        class Job:
            def __enter__(self):
                return self
            def __exit__(self, *exc): pass
            def twin(self) -> "Job":
                return unknown()
            @property
            def box(self):
                return queue.Queue()
            @classmethod
            def make(cls):
                return cls()
        def build():
            return Job()
        def f(a: Job, b: Job | None, c: "list[Job]", d: dict[str, Job], e, *rest, **more):
            local = Job()
            made = build()
            with Job() as managed, ThreadPoolExecutor() as pool:
                pass
            first = c[0]
            copy = local
            either = a if e else None
            other = Job.make()
            return local
        """
    )
    job = {"m.Job"}
    for path in (
        "a",
        "b",
        "local",
        "made",
        "managed",
        "first",
        "copy",
        "either",
        "c[*]",
        "d['k']",
        "other",
    ):
        assert typed(made, "f", path) == job, path
    assert typed(made, "f", "a.twin()") == typed(made, "f", "a.twin().twin()") == job
    assert typed(made, "f", "a.box") == {"queue.Queue"}
    assert typed(made, "f", "pool") == {"concurrent.futures.ThreadPoolExecutor"}
    assert typed(made, "f", "c") == {"list"} and typed(made, "f", "rest") == {"tuple"}
    assert typed(made, "f", "e") == set()
    assert types.elements(function(made, "f"), "d") == {"m.Job"}


def test_types_through_attributes_and_containers() -> None:
    made = program(
        m="""
        class Item:
            def go(self): pass
        class Shelf:
            def __init__(self):
                self.items = []
                self.by_name = {}
            def add(self, name):
                self.items.append(Item())
                self.by_name[name] = Item()
        class Shop:
            def __init__(self):
                self.shelf = Shelf()
            def f(self):
                self.shelf.items[0].go()
                self.shelf.by_name["x"].go()
                self.shelf.by_name.get("x").go()
        """
    )
    for path in (
        "self.shelf.items[*].go",
        'self.shelf.by_name["x"].go',
        "self.shelf.by_name.get().go",
    ):
        assert targets(made, "Shop.f", path) == {"m:Item.go"}, path


def test_self_referring_assignments_end() -> None:
    made = program(
        m="""
        class A:
            def __init__(self):
                self.x = self.x or A()
                self.y = self.y.y
                self.z = self.w
                self.w = self.z
        def f():
            x = x.y
            a = b
            b = a
            return f()
        def g():
            return h()
        def h():
            return g()
        """
    )
    assert typed(made, "A.__init__", "self.x") == {"m.A"}
    assert (
        typed(made, "A.__init__", "self.z")
        == typed(made, "f", "x")
        == typed(made, "g", "h()")
        == set()
    )


def test_unannotated_constructor_parameter_is_known_by_its_callers() -> None:
    made = program(
        m="""
        class Ledger:
            def add(self): pass
        class Worker:
            def __init__(self, ledger):
                self.ledger = ledger
            def f(self):
                self.ledger.add()
        def main():
            Worker(Ledger())
        """
    )
    assert targets(made, "Worker.f", "self.ledger.add") == {"m:Ledger.add"}
