"""Which modules that were left out are asked for, before the program is linked."""

from __future__ import annotations

import pytest

from racecheck.catalog.load import models
from racecheck.program import link, wanted
from tests.program.build import asked_for, facts, program, targets

USED = {
    "a base": "from pkg.gone import Base\nclass C(Base): pass\n",
    "a base of a base": "import pkg.gone as g\nclass C(g.Base): pass\nclass D(C): pass\n",
    "a call under a lock": """
        import threading
        from pkg import gone
        lock = threading.Lock()
        def f():
            with lock:
                gone.work()
    """,
    "a call on a thread": """
        import threading
        from pkg.gone import work
        def f():
            work()
        threading.Thread(target=f).start()
    """,
    "a call far down a thread": """
        import threading
        from pkg.gone import Tool
        class A:
            def __init__(self):
                self.tool = Tool()
                threading.Thread(target=self.run).start()
            def run(self):
                self.step()
            def step(self):
                self.tool.work()
    """,
    "a call behind a property": """
        import threading
        from pkg.gone import work
        class A(threading.Thread):
            def run(self):
                self.state
            @property
            def state(self):
                return work()
    """,
    "a thread of a subclass": """
        import threading
        from pkg import gone
        class A(threading.Thread):
            def run(self):
                gone.work()
    """,
    "a decorated thread": """
        import threading
        from pkg.gone import work
        def threaded(func):
            threading.Thread(target=func).start()
        @threaded
        def f():
            work()
    """,
    "a lock class": """
        from pkg.gone import RLock
        class A:
            def __init__(self):
                self._lock = RLock()
            def f(self):
                with self._lock:
                    pass
    """,
    "a request": """
        from django.views import View
        from pkg.gone import work
        class V(View):
            def get(self, request):
                work()
    """,
    "a task of a decorator": """
        from celery import shared_task
        from pkg.gone import work
        @shared_task
        def f():
            work()
    """,
}

UNUSED = {
    "an import": "from pkg.gone import work\n",
    "a call of ordinary code": "from pkg.gone import work\ndef f():\n    work()\n",
    "another library": "import threading, other\nclass C(other.Base): pass\n",
    "a coroutine that ordinary code makes": """
        import threading
        from pkg.gone import work
        async def g():
            await work()
        def f():
            g()
        threading.Thread(target=f).start()
    """,
}


@pytest.mark.parametrize("source", USED.values(), ids=USED)
def test_modules_that_matter(source: str) -> None:
    found = asked_for(pkg__init="", pkg__a=source)
    assert any(f"{name}.".startswith("pkg.gone.") for name in found)


@pytest.mark.parametrize("source", UNUSED.values(), ids=UNUSED)
def test_modules_that_do_not_matter(source: str) -> None:
    assert not asked_for(pkg__init="", pkg__a=source)


def test_what_is_there_is_not_asked_for() -> None:
    source = USED["a base"]
    assert not asked_for(pkg__init="", pkg__a=source, pkg__gone="class Base: pass\n")


def test_a_class_of_that_name_elsewhere_is_a_guess() -> None:
    """`from pkg.gone import Worker` may be a re-export of the only Worker; the module is asked."""
    files = {"pkg__init": "", "pkg__b": "class Worker: pass\n"}
    source = "from pkg.gone import Worker\nclass C(Worker): pass\n"
    assert asked_for(pkg__a=source, **files) == {"pkg.gone", "pkg.gone.Worker"}


def test_the_second_start_is_as_good_as_the_first() -> None:
    """Modules that were made for fewer files know nothing of what they learned there."""
    few = {
        "pkg__init": "",
        "pkg__a": """
            import threading
            from pkg.gone import Base
            class A(Base):
                def run(self): self.work()
            class B(A): pass
            THING = A()
            def f(): B().work()
        """,
    }
    whole = few | {"pkg__gone": "class Base:\n    def work(self): self.x = 1\n"}
    tables = link.start(facts(few), models(), "")
    wanted.names(tables)
    made = link.finish(link.again(tables, facts(whole), ""))
    fresh = program(**whole)
    assert list(made.functions) == list(fresh.functions)
    assert targets(made, "f", "B().work") == targets(fresh, "f", "B().work")
    assert targets(made, "f", "B().work") == {"pkg.gone:Base.work"}
    for id, cls in fresh.classes.items():
        assert [c.id for c in made.classes[id].mro] == [c.id for c in cls.mro]
        assert [c.id for c in made.classes[id].subclasses] == [c.id for c in cls.subclasses]
    assert list(made.states) == list(fresh.states)
