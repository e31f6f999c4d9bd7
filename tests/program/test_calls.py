"""Modules, classes, types and calls."""

from __future__ import annotations

from .build import call, cls, function, program, qualified, targets, typed

# --- modules and imports ----------------------------------------------------------------------


def test_module_names_follow_packages() -> None:
    made = program(src__pkg__init="", src__pkg__sub__init="", src__pkg__sub__mod="", tools__job="")
    assert set(made.modules) == {"pkg", "pkg.sub", "pkg.sub.mod", "tools.job"}


def test_two_files_of_one_name_stay_apart() -> None:
    made = program(a__conftest="def f(): pass", b__conftest="def f(): pass")
    assert len(made.modules) == len(made.functions) // 2 == 2


def test_imports_of_all_forms() -> None:
    made = program(
        pkg__init="from .core import helper as public_helper",
        pkg__core="def helper(): pass\n__all__ = ['helper']\n",
        pkg__star="from .core import *",
        pkg__use="""
        import pkg.core
        import pkg.core as c
        from pkg import public_helper
        from . import core, star
        from .star import helper as via_star
        def f():
            pkg.core.helper()
            c.helper()
            public_helper()
            core.helper()
            via_star()
            star.helper()
        def g():
            from pkg.core import helper
            helper()
        """,
    )
    for path in (
        "pkg.core.helper",
        "c.helper",
        "public_helper",
        "core.helper",
        "via_star",
        "star.helper",
    ):
        assert targets(made, "f", path) == {"pkg.core:helper"}, path
    assert targets(made, "g", "helper") == {"pkg.core:helper"}


def test_star_import_respects_all_and_underscores() -> None:
    made = program(
        a="def _hidden(): pass\ndef shown(): pass\n",
        b="from a import *\ndef f():\n    _hidden()\n    shown()\n",
    )
    assert targets(made, "f", "shown") == {"a:shown"}
    assert not targets(made, "f", "_hidden")


def test_circular_imports_end() -> None:
    made = program(
        a="from b import x\ndef f():\n    x()\n",
        b="from a import x\nfrom c import *\n",
        c="from b import *\n",
    )
    assert not targets(made, "f", "x")


def test_public_name_of_a_library_class() -> None:
    made = program(
        m="""
        from concurrent.futures.thread import ThreadPoolExecutor
        import threading as t
        def f():
            pool = ThreadPoolExecutor()
            pool.submit(print)
            t.Thread(target=print).start()
        """
    )
    assert call(made, "f", "ThreadPoolExecutor").external == "concurrent.futures.ThreadPoolExecutor"
    assert call(made, "f", "pool.submit").external == "concurrent.futures.ThreadPoolExecutor.submit"
    assert call(made, "f", "t.Thread().start").external == "threading.Thread.start"


def test_a_module_that_was_not_read_is_guessed() -> None:
    made = program(
        pkg__init="",
        pkg__a="class Worker: pass\n",
        pkg__b="from pkg.gone import Worker, Base\nWorker()\nclass C(Base): pass\n",
    )
    assert cls(made, "C").opaque
    # a unique class of that name in the package is taken for a re-export
    assert call(made, "pkg.b:<module>", "Worker").constructs == "pkg.a.Worker"


# --- classes ----------------------------------------------------------------------------------


def test_hierarchy_across_modules() -> None:
    made = program(
        a="import threading\nclass Base(threading.Thread):\n    def run(self): pass\n",
        b="import a\nclass Mid(a.Base): pass\nclass Leaf(Mid): pass\n",
    )
    leaf = cls(made, "Leaf")
    assert [c.id for c in leaf.mro] == ["b.Leaf", "b.Mid", "a.Base"]
    assert "threading.Thread" in leaf.externals and not leaf.opaque
    assert {c.id for c in cls(made, "Base").subclasses} == {"b.Mid", "b.Leaf"}
    assert leaf.find_method("run").id == "a:Base.run"


def test_diamond_is_linearized_like_python_does() -> None:
    made = program(m="class A: pass\nclass B(A): pass\nclass C(A): pass\nclass D(B, C): pass\n")
    assert [c.name for c in cls(made, "D").mro] == ["D", "B", "C", "A"]


def test_impossible_and_circular_hierarchies_end() -> None:
    made = program(
        m="class A(B): pass\nclass B(A): pass\nclass Self(Self): pass\n"
        "class X: pass\nclass Y(X): pass\nclass Z(X, Y): pass\n"
    )
    assert {c.name for c in cls(made, "Z").mro} == {"X", "Y", "Z"}
    assert cls(made, "A").mro[0].name == "A"
    assert cls(made, "Self").mro == (cls(made, "Self"),)


def test_unknown_base_is_opaque() -> None:
    made = program(m="class A(make_base()): pass\nclass B(A): pass\nclass C: pass\n")
    assert cls(made, "B").opaque and not cls(made, "C").opaque


# --- calls ------------------------------------------------------------------------------------


def test_methods_overrides_and_super() -> None:
    made = program(
        m="""
        import threading
        class Base(threading.Thread):
            def step(self): pass
            def run(self):
                self.step()
        class Child(Base):
            def __init__(self):
                super().__init__()
            def step(self):
                super().step()
                self.join()
        """
    )
    assert targets(made, "Base.run", "self.step") == {"m:Base.step", "m:Child.step"}
    assert targets(made, "Child.step", "super().step") == {"m:Base.step"}
    assert call(made, "Child.step", "self.join").external == "threading.Thread.join"
    assert call(made, "Child.__init__", "super().__init__").external == "threading.Thread.__init__"
    callers = function(made, "Base.step").callers
    assert [link.caller.label for link in callers] == ["Base.run", "Child.step"]


def test_mixin_calls_reach_the_class_that_completes_it() -> None:
    made = program(
        m="""
        class Mixin:
            def f(self):
                self.g()
        class A(Mixin):
            def g(self): pass
        """
    )
    assert targets(made, "Mixin.f", "self.g") == {"m:A.g"}


def test_construction_runs_the_constructor() -> None:
    made = program(
        m="""
        from dataclasses import dataclass
        class A:
            def __init__(self): pass
        class B(A): pass
        @dataclass
        class C:
            x: int
            def __post_init__(self): pass
        def f():
            B()
            C(1)
        """
    )
    assert call(made, "f", "B").constructs == "m.B" and targets(made, "f", "B") == {"m:A.__init__"}
    assert targets(made, "f", "C") == {"m:C.__post_init__"}


def test_nested_functions_partials_and_bound_methods() -> None:
    made = program(
        m="""
        import functools
        class A:
            def m(self, x): pass
            def f(self):
                bound = self.m
                bound(1)
                part = functools.partial(self.m, 1)
                part()
                def inner():
                    self.m(2)
                inner()
                call_me = lambda: self.m(3)
                call_me()
        """
    )
    assert targets(made, "A.f", "bound") == targets(made, "A.f", "part") == {"m:A.m"}
    assert targets(made, "A.f", "inner") == {"m:A.f.inner"}
    assert targets(made, "A.f.inner", "self.m") == {"m:A.m"}
    (lambda_id,) = targets(made, "A.f", "call_me")
    assert lambda_id.startswith("m:A.f.<lambda")


def test_external_names_of_methods_on_typed_receivers() -> None:
    made = program(
        m="""
        import queue, threading
        class A:
            def __init__(self):
                self.q = queue.Queue()
                self.d = {}
                self.lock = threading.Lock()
            def f(self, fut):
                self.q.get()
                self.d.pop(1)
                self.lock.acquire()
                len(self.d)
                fut.result()
        """
    )
    assert call(made, "A.f", "self.q.get").external == "queue.Queue.get"
    assert call(made, "A.f", "self.d.pop").external == "dict.pop"
    assert call(made, "A.f", "self.lock.acquire").external == "threading.Lock.acquire"
    assert call(made, "A.f", "self.lock.acquire").receiver == "self.lock"
    assert call(made, "A.f", "len").external == "len"
    unknown = call(made, "A.f", "fut.result")
    assert not unknown.external and not unknown.targets and made.unresolved == 1


def test_qualified_names() -> None:
    made = program(
        pkg__init="",
        pkg__mod="""
        import queue, time
        class Ledger:
            def withdraw(self): pass
        def helper(ledger: Ledger):
            pass
        """,
    )
    assert qualified(made, "helper", "queue.Queue") == "queue.Queue"
    assert qualified(made, "helper", "queue.Queue().get") == "queue.Queue.get"
    assert qualified(made, "helper", "time.sleep") == "time.sleep"
    assert qualified(made, "helper", "helper") == "pkg.mod.helper"
    assert qualified(made, "helper", "Ledger") == "pkg.mod.Ledger"
    assert qualified(made, "helper", "ledger.withdraw") == "pkg.mod.Ledger.withdraw"
    assert qualified(made, "helper", "nowhere.to_be_found") == ""


def test_property_reads_and_with_run_code_without_a_call() -> None:
    made = program(
        m="""
        class A:
            @property
            def size(self):
                return 1
            def __enter__(self): pass
            def __exit__(self, *exc): pass
            def f(self):
                return self.size
        def g(a: A):
            with a:
                pass
        """
    )
    assert [(link.caller.label, link.implicit) for link in function(made, "A.size").callers] == [
        ("A.f", "property")
    ]
    assert [link.implicit for link in function(made, "g").calls] == ["enter", "exit"]
    assert made.unresolved == 0


def test_local_names_hide_globals() -> None:
    made = program(
        m="""
        def helper(): pass
        def f(helper):
            helper()
        def g():
            helper()
        """
    )
    assert not targets(made, "f", "helper")
    assert targets(made, "g", "helper") == {"m:helper"}


def test_explicit_base_call_passes_self_by_hand() -> None:
    made = program(
        m="""
        class Ledger: pass
        class Base:
            def __init__(self, ledger):
                self.ledger = ledger
        class A(Base):
            def __init__(self):
                Base.__init__(self, Ledger())
            def f(self):
                pass
        """
    )
    assert typed(made, "A.f", "self.ledger") == {"m.Ledger"}


def test_lock_class_of_another_module() -> None:
    user = """
        from pkg.compat import RLock
        class A:
            def __init__(self):
                self._lock = RLock()
    """
    made = program(pkg__init="", pkg__a=user, pkg__compat="from threading import RLock\n")
    assert cls(made, "A").attributes["_lock"].lock.kind == "rlock"
