"""Properties: Python's own answers, and answers that do not change from run to run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from hypothesis import given, settings
from hypothesis import strategies as st

from racecheck.program.hints import split_top
from racecheck.program.paths import split

from .build import program

BASES = st.lists(
    st.lists(st.integers(0, 5), max_size=3, unique=True), min_size=1, max_size=6
)  # bases of class i, those below i count


@given(BASES)
@settings(max_examples=150, deadline=None)
def test_ancestors_are_ordered_like_python_orders_them(rows: list[list[int]]) -> None:
    classes: list[type] = []
    lines = []
    for index, row in enumerate(rows):
        bases = [number for number in row if number < index]
        lines.append(f"class C{index}({', '.join(f'C{b}' for b in bases)}): pass")
        try:
            classes.append(type(f"C{index}", tuple(classes[b] for b in bases), {}))
        except TypeError:  # no consistent order: Python refuses the class, too
            lines.pop()
            break
    made = program(m="\n".join(lines) + "\n")
    for cls in classes:
        expected = [base.__name__ for base in cls.__mro__ if base is not object]
        assert [c.name for c in made.classes[f"m.{cls.__name__}"].mro] == expected


STEPS = st.lists(st.sampled_from([".name", ".x", "()", "[*]", "['key']"]), max_size=5)


@given(STEPS)
def test_paths_are_taken_apart_without_loss(steps: list[str]) -> None:
    path = "self" + "".join(steps)
    taken = []
    while True:
        prefix, last = split(path)
        if not last:
            break
        taken.append(last if last[0] in "([" else f".{last}")
        path = prefix
    assert path == "self" and taken[::-1] == steps


@given(st.lists(st.sampled_from(["int", "a.B", "list[int, str]", "'x, y'", "f(1, 2)"]), min_size=1))
def test_annotations_are_split_at_the_top_only(parts: list[str]) -> None:
    assert [p.strip() for p in split_top(", ".join(parts), ",")] == parts


PROBE = """
import sys
from racecheck.catalog.load import models
from racecheck.facts.read import read
from racecheck.program import link, locks
source = sys.stdin.buffer.read()
made = link.build({"m.py": read(source)}, models(), "")
for function in made.functions.values():
    print(function.id, sorted(r.value for r in function.roles), function.escapes)
    for call in function.calls:
        print(call.call.path, [t.id for t in call.targets], call.external, call.implicit)
    for ctx in range(len(function.facts.contexts)):
        print([(h.lock.id, h.base) for h in locks.held(function, ctx)])
print(made.entries, list(made.states))
"""

SOURCE = """
import threading
class A:
    def __enter__(self): return self
    def __exit__(self, *exc): pass
    def run(self): self.lock = threading.Lock()
class B:
    def __enter__(self): return self
    def __exit__(self, *exc): pass
    def run(self): self.lock = threading.RLock()
class C(A, B):
    def run(self): pass
def make(flag):
    return A() if flag else B()
def f(flag):
    thing = make(flag) or C()
    with thing, thing.lock:
        thing.run()
        threading.Thread(target=thing.run).start()
"""


def test_every_run_says_the_same() -> None:
    outputs = set()
    for seed in ("1", "2", "77"):
        run = subprocess.run(
            [sys.executable, "-c", PROBE],
            input=dedent(SOURCE).encode(),
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        outputs.add(run.stdout)
    assert len(outputs) == 1 and b"m:A.run" in outputs.pop()
