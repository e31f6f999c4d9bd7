"""`racecheck.lint` as other programs use it."""

from __future__ import annotations

import threading

import pytest

import racecheck
from racecheck import api
from racecheck.core.errors import MissingPathError, SettingsError, UnknownRuleError, UsageError

USELESS = """\
import threading

totals = {}


def record(name):
    with threading.Lock():
        totals[name] = totals.get(name, 0) + 1
"""

DERIVED = """\
import threading

from library_of_workers import Worker


class Job(Worker):
    def run(self):
        print("working")


def go():
    job = Job()
    job.run()
"""


def codes(result: racecheck.LintResult) -> list[str]:
    return [finding.code for finding in result.findings]


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.py").write_text(USELESS)
    return tmp_path


def test_a_finding_in_a_file(project):
    result = racecheck.lint("m.py", select=["RC301"])
    (finding,) = result.findings
    assert isinstance(finding, racecheck.Finding)
    assert (finding.code, finding.place.path, finding.place.line) == ("RC301", "m.py", 7)
    assert finding.severity is racecheck.Severity.ERROR
    assert finding.confidence is racecheck.Confidence.LIKELY
    assert USELESS.splitlines()[6][finding.place.column - 1 :].startswith("threading.Lock()")


@pytest.mark.parametrize("paths", [".", ["m.py"], ("m.py", ".")])
def test_paths_of_every_kind(paths, project):
    assert codes(racecheck.lint(paths, select=["RC301"])) == ["RC301"]
    assert codes(racecheck.lint(project / "m.py", select=["RC301"])) == ["RC301"]


def test_settings_of_the_project_count_and_arguments_win(project):
    (project / "racecheck.toml").write_text('ignore = ["RC301"]\n')
    assert codes(racecheck.lint(".", select=["RC3"])) == []
    assert codes(racecheck.lint(".", select=["RC3"], ignore=["RC1"])) == ["RC301"]
    assert codes(racecheck.lint(".", select=["RC3"], isolated=True)) == ["RC301"]
    assert codes(racecheck.lint(".", select=["RC3"], config=["ignore=[]"])) == ["RC301"]


def test_the_cache_is_never_written_into_what_is_no_project(project, tmp_path_factory):
    library = tmp_path_factory.mktemp("library")
    (library / "m.py").write_text(USELESS)
    assert codes(racecheck.lint(library, select=["RC301"])) == ["RC301"]
    assert not (library / ".racecheck_cache").exists()
    assert (project / ".racecheck_cache").exists()
    (library / "pyproject.toml").write_text("")
    racecheck.lint(library)
    assert (library / ".racecheck_cache").exists()


def test_bases_in_libraries_are_known_and_remembered(project, tmp_path_factory, monkeypatch):
    from racecheck.program import environment

    library = tmp_path_factory.mktemp("library") / "library_of_workers.py"
    library.write_text("import threading\n\n\nclass Worker(threading.Thread):\n    pass\n")
    monkeypatch.syspath_prepend(library.parent)
    (project / "m.py").write_text(DERIVED)
    assert codes(racecheck.lint("m.py", select=["RC401"])) == ["RC401"]

    def nobody(name: str) -> object:
        raise AssertionError(name)

    monkeypatch.setattr(environment, "_astroid_module", nobody)
    (project / "m.py").write_text(DERIVED + "\n# changed\n")
    assert codes(racecheck.lint("m.py", select=["RC401"])) == ["RC401"]
    assert codes(racecheck.lint("m.py", select=["RC401"], cache=False)) == []


def test_errors_are_exceptions(project):
    with pytest.raises(MissingPathError):
        racecheck.lint("nothing-here")
    with pytest.raises(SettingsError):
        racecheck.lint(".", slect=["RC1"])
    with pytest.raises(UnknownRuleError):
        racecheck.lint(".", select=["RC000"])


def test_texts_need_no_disk_and_leave_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = api.lint_texts({"pkg/m.py": USELESS}, select=["RC301"])
    assert codes(result) == ["RC301"]
    assert list(tmp_path.iterdir()) == []


def test_texts_are_one_program():
    texts = {
        "a.py": "import threading\n\n\nclass Job(threading.Thread):\n    pass\n",
        "b.py": "from a import Job\n\n\ndef go():\n    Job().run()\n",
    }
    (finding,) = api.lint_sources(texts, select=["RC401"])
    assert finding.place.path == "b.py"


def test_suppressed_findings_are_kept_apart():
    silent = USELESS.replace("Lock():", "Lock():  # racecheck: ignore[RC301] -- on purpose")
    result = api.lint_texts({"m.py": silent}, select=["RC301"])
    assert result.findings == ()
    assert [f.code for f in result.suppressed] == ["RC301"]
    assert "on purpose" in result.suppressed[0].suppressed


def test_the_order_is_that_of_places_whatever_the_order_of_files():
    texts = {f"m{n}.py": USELESS + USELESS for n in range(3)}
    forward = api.lint_texts(texts, select=["RC301"])
    backward = api.lint_texts(dict(reversed(texts.items())), select=["RC301"])
    assert forward.findings == backward.findings
    assert [f.order for f in forward.findings] == sorted(f.order for f in forward.findings)


def test_a_text_without_threads_gives_nothing_but_its_syntax_error():
    assert api.lint_sources({"m.py": "x = 1\n"}) == []
    (finding,) = api.lint_sources({"m.py": "def f(:\n"})
    assert finding.code == "RC903"


def test_a_fault_of_ours_raises_from_sources(monkeypatch):
    from racecheck.checks import registry

    failed = registry.Failure("rc301_x", "boom", "Traceback")
    monkeypatch.setattr(registry, "run", lambda study, codes: ([], [failed]))
    with pytest.raises(RuntimeError, match="rc301_x failed: boom"):
        api.lint_sources({"m.py": USELESS})


class Ledger:
    def __init__(self):
        self.balance = 0

    def settle(self, fee):
        self.balance -= fee


def settle_twice():
    ledger = Ledger()
    threads = [threading.Thread(target=ledger.settle, args=(1,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def watched(project):
    """Whoever runs these tests may be watching them."""
    from racecheck.runtime.session import Session

    if Session.active is not None:
        pytest.skip("this process is watched already")
    return project


def test_a_block_is_watched(watched):
    before = threading.Lock
    with racecheck.watch(watch=["races"], isolated=True) as session:
        settle_twice()
        inside = session.findings
    assert threading.Lock is before
    (finding,) = session.findings
    assert inside == session.findings
    assert isinstance(finding, racecheck.Finding)
    assert (finding.code, finding.subject) == ("RC101", "Ledger.balance")
    assert finding.confidence is racecheck.Confidence.OBSERVED
    assert finding.place.column > 0
    assert session.limits == []
    assert session.result.exit_code == 1


def test_settings_and_arguments_choose_what_is_watched(watched):
    (watched / "racecheck.toml").write_text('ignore = ["RC101"]\n')
    with racecheck.watch(watch=["races"]) as session:
        settle_twice()
    assert session.findings == []
    with racecheck.watch(watch=["races"], ignore=["RC3"]) as session:
        settle_twice()
    assert len(session.findings) == 1
    with racecheck.watch(watch=["lock-order"], isolated=True) as session:
        settle_twice()
    assert session.findings == []


def test_what_the_block_raises_comes_out_and_nothing_stays(watched):
    before = threading.Lock
    with pytest.raises(LookupError), racecheck.watch(watch=["races"], isolated=True) as session:
        settle_twice()
        raise LookupError
    assert threading.Lock is before
    assert len(session.findings) == 1


def test_one_block_at_a_time(watched):
    with racecheck.watch(watch=["races"], isolated=True):
        with pytest.raises(UsageError, match="watches this process already"):
            racecheck.watch(watch=["races"], isolated=True).__enter__()
        settle_twice()
    with racecheck.watch(watch=["races"], isolated=True) as session:
        pass
    assert session.findings == []


def test_wrong_words_raise_before_anything_is_watched(watched):
    with pytest.raises(SettingsError, match="cannot be `race`"):
        racecheck.watch(watch=["race"])
    with pytest.raises(SettingsError, match="must be one of auto"):
        racecheck.watch(backend="magic")
    with pytest.raises(UnknownRuleError):
        racecheck.watch(select=["RC000"])


def test_a_trace_of_a_block(watched):
    with racecheck.watch(watch=["races"], trace_file="t.jsonl", isolated=True) as session:
        settle_twice()
    from racecheck.bridge import replay
    from racecheck.runtime.options import RuntimeOptions

    again = replay.read(watched / "t.jsonl", RuntimeOptions())
    assert [f.fingerprint for f in again.findings()] == [f.fingerprint for f in session.findings]
    assert again.complete
