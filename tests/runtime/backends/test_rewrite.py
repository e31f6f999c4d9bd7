"""Imported code tells what it touches, and is otherwise what it was."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from racecheck.runtime.backends.rewrite import Backend
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.scope import Scope
from tests.testing.isolated import python, write

WATCHED = """
import sys
from racecheck.runtime import deliver
from racecheck.runtime.backends.rewrite import Backend
from racecheck.runtime.hooks import hooks
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.rewriting import gate
from racecheck.runtime.scope import Scope

backend = Backend()
backend.start(Scope(), RuntimeOptions(notes=True))
gate.set_open(True)
told = []


def record(thread, site, values, where, key):
    for access in site.accesses:
        told.append((site.function, access.line, access.mode.value, access.text))


deliver.sink.record = record
"""

BOX = '''\
"""A box."""
from __future__ import annotations
import sys

class Box:
    """Holds."""
    def __init__(self):
        self.n = 0

    def add(self, k):
        """Adds."""
        self.n += k
        return sorted(locals())

    def fail(self):
        self.n = 1
        raise ValueError(self.n)
'''


def watched(folder: Path, script: str, *, cached: bool = False) -> str:
    """Output of a script that runs after the backend has started."""
    write(folder, {"box.py": BOX, "watched.py": WATCHED, "script.py": "from watched import *\n"})
    (folder / "script.py").write_text("from watched import *\n" + script, "utf-8")
    return python(folder, "script.py", cached=cached).stdout


def test_imported_code_tells_what_it_touches(tmp_path: Path) -> None:
    script = "import box\nbox.Box().add(2)\nprint(told, hooks.failures)"
    assert watched(tmp_path, script) == "[('Box.add', 12, 'update', 'self.n')] []\n"


def test_a_closed_gate_tells_nothing_and_so_does_a_stopped_backend(tmp_path: Path) -> None:
    script = """
import box
gate.set_open(False)
box.Box().add(2)
gate.set_open(True)
backend.stop()
box.Box().add(2)
print(told, type(box.__loader__).get_code.__qualname__, box.Box().add(1))
"""
    assert watched(tmp_path, script) == "[] SourceLoader.get_code ['k', 'self']\n"


def test_modules_look_as_they_did(tmp_path: Path) -> None:
    script = """
import box, importlib.machinery, inspect, sys
kind = importlib.machinery.SourceFileLoader
print(box.__doc__, box.Box.__doc__, box.Box.add.__doc__, box.__file__ == box.__spec__.origin)
print(type(box.__loader__) is kind, box.__cached__ == box.__spec__.cached)
print("racecheck" in str(box.__cached__), [n for n in vars(box) if "@" in n])
print(inspect.getsource(box) == open(box.__file__).read(), inspect.getsource(box.Box.add))
print(box.Box().add(1), box.Box.add.__code__.co_firstlineno, len(sys.meta_path))
"""
    found = watched(tmp_path, script).splitlines()
    assert found[0] == "A box. Holds. Adds. True"
    assert found[1:3] == ["True True", "False []"]
    assert found[3].startswith("True     def add(self, k):")
    assert found[-1].startswith("['k', 'self'] 10")


def test_cached_code_is_not_rewritten_again_and_still_tells(tmp_path: Path) -> None:
    script = """
from racecheck.runtime.rewriting import importer
def never(*_, **__): raise AssertionError("rewritten")
if len(sys.argv) > 1: importer.compile_with_table = never
import box
box.Box().add(2)
print(told, hooks.failures)
"""
    first = watched(tmp_path, script, cached=True)
    again = python(tmp_path, "script.py", "again", cached=True).stdout
    assert first == again == "[('Box.add', 12, 'update', 'self.n')] []\n"
    names = [path.name for path in (tmp_path / "__pycache__").glob("box.*")]
    assert len(names) == 1
    assert ".racecheck-" in names[0]


def test_a_changed_source_is_rewritten(tmp_path: Path) -> None:
    script = "import box\nbox.Box().add(2)\nprint(told)"
    watched(tmp_path, script, cached=True)
    write(tmp_path, {"box.py": BOX.replace("self.n += k", "self.n = k")})
    again = python(tmp_path, "script.py", cached=True).stdout
    assert again == "[('Box.add', 12, 'write', 'self.n')]\n"


def test_a_broken_cache_is_written_anew(tmp_path: Path) -> None:
    script = "import box\nbox.Box().add(2)\nprint(len(told), hooks.failures)"
    watched(tmp_path, script, cached=True)
    (cache,) = (tmp_path / "__pycache__").glob("box.*racecheck*")
    cache.write_bytes(cache.read_bytes()[:40])
    assert python(tmp_path, "script.py", cached=True).stdout == "1 []\n"


def test_exceptions_look_as_they_did(tmp_path: Path) -> None:
    write(tmp_path, {"broken.py": "def f(:\n", "raises.py": "import box\nbox.Box().fail()\n"})
    script = """
import traceback
for name in ("broken", "raises", "missing"):
    try:
        __import__(name)
    except BaseException:
        print(traceback.format_exc())
"""
    found = watched(tmp_path, script)
    write(tmp_path, {"plain.py": script})
    assert "racecheck" not in found.replace(str(tmp_path), "")
    plain = python(tmp_path, "plain.py").stdout
    assert found.replace("script.py", "plain.py").replace("line 6", "line 5") == plain


def test_modules_that_run_as_main_and_packages(tmp_path: Path) -> None:
    write(tmp_path, {"pack/__init__.py": "", "pack/__main__.py": "import box\nbox.Box().add(1)\n"})
    script = "import runpy\nrunpy.run_module('pack', run_name='__main__')\nprint(told)"
    assert watched(tmp_path, script) == "[('Box.add', 12, 'update', 'self.n')]\n"


def test_a_main_file_is_compiled_with_its_top_level(tmp_path: Path) -> None:
    script = """
from racecheck.runtime.rewriting import compile_main
source = '''from __future__ import annotations
import box
b = box.Box()
def f():
    global n
    n = 1
n = 0
b.n += 1
'''
exec(compile_main(source, "main.py"), {"__name__": "__main__"})
print([one[1:] for one in told if one[0] == "<module>"])
try:
    compile_main("def f(:", "main.py")
except SyntaxError as error:
    print(error.filename, error.lineno, hooks.failures)
"""
    found = watched(tmp_path, script).splitlines()
    assert found == ["[(7, 'write', 'n'), (8, 'update', 'b.n')]", "main.py 1 []"]


def test_code_that_we_cannot_rewrite_is_imported_as_it_is(tmp_path: Path) -> None:
    script = """
from racecheck.runtime.rewriting import importer
def fails(*_, **__): raise RecursionError("too deep")
importer.compile_with_table = fails
import box
print(box.Box().add(1), told, hooks.failures)
"""
    found = watched(tmp_path, script)
    assert found == "['k', 'self'] [] ['rewriting box: RecursionError: too deep']\n"


def test_what_came_too_early_is_a_limit(tmp_path: Path) -> None:
    write(tmp_path, {"early.py": "x = 1\n", "watched.py": WATCHED})
    write(tmp_path, {"script.py": "import early\nfrom watched import *\nprint(backend.limits())"})
    found = python(tmp_path, "script.py").stdout
    assert found == (
        "['imported before watching began, so accesses in them were not seen: early, watched']\n"
    )


def test_what_comes_from_an_archive_is_a_limit(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        archive.writestr("packed.py", "x = 1\n")
    script = """
sys.path.insert(0, "packed.zip")
import packed
backend.stop()
print(packed.x, backend.limits()[-1])
"""
    found = watched(tmp_path, script)
    assert found == "1 imported from an archive, so accesses in them were not seen: packed\n"


def test_it_can_be_used_everywhere() -> None:
    backend = Backend()
    assert backend.refusal() is None
    backend.start(Scope(("nowhere",)), RuntimeOptions())
    backend.stop()
    backend.stop()
    assert backend.limits() == []


COVERED = """
import threading
class C:
    def __init__(self):
        self.n = 0
        self.rows = []
    def work(self, k):
        if self.n > k:
            self.n = 0
        elif self.n < 0:
            self.n = (
                self.n
                + 1
            )
        for i in range(3):
            self.n += i
            if i == 1:
                continue
            while self.n > 3:
                self.n -= self.less()
        for row in self.rows:
            self.n += row
        try:
            self.rows.append(self.n)
            return self.less() + self.n
        finally:
            self.n = None if k else self.n
    def less(self):
        return 1 if self.n else 2
def main():
    c = C()
    threads = [threading.Thread(target=c.work, args=(k,)) for k in (0, 0)]
    for thread in threads:
        thread.start()
        thread.join()
"""


@pytest.mark.parametrize("branch", [False, True])
@pytest.mark.parametrize("is_open", [False, True])
def test_coverage_is_the_same(tmp_path: Path, branch: bool, is_open: bool) -> None:
    pytest.importorskip("coverage")
    write(tmp_path, {"covered.py": COVERED, "watched.py": WATCHED})
    tail = "import covered\ncovered.main()\n"
    write(tmp_path, {"plain.py": tail})
    write(tmp_path, {"other.py": f"from watched import *\ngate.set_open({is_open})\n{tail}"})
    found = [_coverage(tmp_path, name, branch) for name in ("plain.py", "other.py")]
    assert found[0] == found[1]
    assert found[0]["executed_lines"]


def _coverage(folder: Path, script: str, branch: bool) -> dict[str, object]:
    options = ["--branch"] if branch else []
    python(folder, "-m", "coverage", "run", *options, "--include=*/covered.py", script)
    python(folder, "-m", "coverage", "json", "-q", "-o", "found.json")
    found = json.loads((folder / "found.json").read_text("utf-8"))
    files: dict[str, dict[str, object]] = found["files"]
    return {k: v for k, v in files["covered.py"].items() if "lines" in k or "branches" in k}


PYTEST = {
    "conftest.py": """
        import pytest

        class Shared:
            n = 0

        @pytest.fixture
        def shared():
            return Shared()
    """,
    "test_box.py": '''
        """Tests of a box."""
        from __future__ import annotations
        import box

        def test_passes(shared):
            shared.n += 1
            b = box.Box()
            b.add(2)
            assert b.n == 2, "told"

        def test_fails(shared):
            b = box.Box()
            shared.n = 1
            assert b.n + len([1]) == shared.n + 1 and not b.add(1), f"{b.n}"

        def test_in(shared):
            b = box.Box()
            b.items = [1]
            assert 2 in b.items
    ''',
    "plugin.py": """
        from watched import *

        def pytest_unconfigure():
            print("TOLD", sorted(set(told)), hooks.failures)
    """,
}


def _pytest(folder: Path, *arguments: str, cached: bool = False) -> str:
    options = ["-p", "no:cacheprovider", "--color=no", "-rN"]
    return python(folder, "-m", "pytest", *options, *arguments, cached=cached, expect=1).stdout


def _report(output: str) -> str:
    """What pytest says, without the plugin's line and times."""
    lines = [line for line in output.splitlines() if not line.startswith(("TOLD", "="))]
    kept = [line for line in lines if "plugins:" not in line and "rootdir:" not in line]
    return re.sub("0x[0-9a-f]+", "0x", "\n".join(kept))


def test_failing_assertions_look_the_same(tmp_path: Path) -> None:
    write(tmp_path, {**PYTEST, "box.py": BOX, "watched.py": WATCHED})
    plain = _pytest(tmp_path)
    found = _pytest(tmp_path, "-p", "plugin")
    assert _report(found) == _report(plain)
    assert "assert 2 in [1]" in found


def test_test_modules_tell_what_they_touch_also_from_pytests_cache(tmp_path: Path) -> None:
    write(tmp_path, {**PYTEST, "box.py": BOX, "watched.py": WATCHED})
    runs = [_pytest(tmp_path, "-p", "plugin", cached=True) for _ in range(2)]
    told = [next(line for line in run.splitlines() if line.startswith("TOLD")) for run in runs]
    assert told[0] == told[1]
    assert "('test_passes', 7, 'update', 'shared.n')" in told[0]
    assert "('Box.add', 12, 'update', 'self.n')" in told[0]
    assert told[0].endswith(" []")
    names = {path.name for path in (tmp_path / "__pycache__").glob("test_box.*")}
    assert len(names) == 1
    assert ".racecheck-" in names.pop()
    plain = _pytest(tmp_path, cached=True)
    assert "@racecheck" not in plain
