"""Reading in worker processes: the same facts, whatever happens to the workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from racecheck.facts.schema import FileFacts, Problem
from racecheck.settings import Settings
from racecheck.source import driver, pool, reading
from tests.source.folders import load, make, small

HOME = str(Path(__file__).parents[2])


def deadly(data: bytes) -> FileFacts:
    if b"die" in data and b"not to" not in data:
        os._exit(11)
    return small(data)


def broken(data: bytes) -> FileFacts:
    if b"raise" in data:
        raise ValueError("no")
    return small(data)


@pytest.fixture
def pooled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Worker processes for however few lines; the numbers of workers asked for."""
    asked: list[int] = []
    original = pool.read

    def spy(jobs: Any, workers: int, *rest: Any) -> Any:
        asked.append(workers)
        return original(jobs, workers, *rest)

    monkeypatch.setattr(driver, "POOL_LINES", 0)
    monkeypatch.setattr(pool, "read", spy)
    return asked


def many(project: Path, count: int = 30) -> None:
    for number in range(count):
        lines = "x = 1\n" * (number * 7 % 11)
        make(project, **{f"f{number:02}": f"import threading\nn = {number}\n{lines}"})


def test_few_lines_start_no_process(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(project)
    monkeypatch.setattr(pool, "read", lambda *rest: pytest.fail("a pool for 200 lines"))
    assert len(load(project, jobs=4).files) == 30


def test_one_worker_or_one_file_needs_no_process(project: Path, pooled: list[int]) -> None:
    many(project, 3)
    load(project, jobs=1)
    load(project, "f01.py", jobs=4, cache=False)
    assert pooled == []


def test_the_number_of_workers(
    project: Path, pooled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    many(project, 3)
    monkeypatch.setattr(driver, "_cpus", lambda: 2)
    for jobs in (0, 2, 8):
        load(project, jobs=jobs, cache=False, reader=small)
    assert pooled == [2, 2, 3]
    monkeypatch.undo()
    assert driver._cpus() >= 1


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_the_same_facts_whatever_the_number_of_workers(
    project: Path, pooled: list[int], monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    many(project)
    monkeypatch.setattr(pool, "start_method", lambda: method)
    alone = load(project, jobs=1, cache=False)
    together = load(project, jobs=2, cache=False)
    assert list(together.files.items()) == list(alone.files.items())
    assert together.statistics == alone.statistics
    assert pooled == [2]


def test_what_workers_read_is_cached(project: Path, pooled: list[int], settled: None) -> None:
    many(project)
    load(project, jobs=2, reader=small)
    sources = load(project, jobs=2, reader=small)
    assert (sources.statistics.cached, pooled) == (30, [2])


def test_a_file_that_kills_its_worker_costs_no_other(project: Path, pooled: list[int]) -> None:
    many(project, 20)
    make(project, bad="import threading\n# die\n", worse="import threading\n# die now\n")
    sources = load(project, jobs=2, reader=deadly)
    assert len(sources.files) == 22
    problems = {path: facts.problem for path, facts in sources.files.items() if facts.problem}
    death = Problem("internal", "the process that read this file died")
    assert problems == {"bad.py": death, "worse.py": death}
    make(project, bad="import threading\n# told not to die\n")
    again = load(project, jobs=2, reader=deadly)
    assert again.files["bad.py"].problem is None
    assert again.statistics.cached == 20


def test_a_reader_that_raises_in_a_worker(project: Path, pooled: list[int]) -> None:
    many(project, 20)
    make(project, bad="import threading\n# raise\n")
    sources = load(project, jobs=2, reader=broken)
    assert [p for p, f in sources.files.items() if f.problem] == ["bad.py"]
    assert sources.files["bad.py"].problem == Problem("internal", "ValueError: no")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many processes each pool that was started has."""
    counts: list[int] = []

    class Counted(ProcessPoolExecutor):
        def __init__(self, count: int, *rest: Any) -> None:
            counts.append(count)
            super().__init__(count, *rest)

    monkeypatch.setattr(pool, "ProcessPoolExecutor", Counted)
    monkeypatch.setattr(driver, "WARM_BYTES", 100)
    return counts


def test_what_is_followed_is_read_by_the_same_processes(
    project: Path, pooled: list[int], monkeypatch: pytest.MonkeyPatch, started: list[int]
) -> None:
    monkeypatch.setattr(driver, "STARTED_LINES", 0)
    many(project, 4)
    make(project, g="def f(): pass\n", h="def g(): pass\n")
    with driver.Session(Settings(jobs=2), project, reader=small) as session:
        sources = session.load(session.look([Path()]))
        assert sorted(sources.follow(["g", "h"])) == ["g.py", "h.py"]
    assert (pooled, started) == ([2, 2], [2])


def test_something_else_is_done_by_the_same_processes(
    project: Path, pooled: list[int], started: list[int]
) -> None:
    many(project, 20)
    make(project, g="def f(): pass\n")
    with driver.Session(Settings(jobs=2), project, reader=small) as session:
        assert session.aside(process_of, 1)() == os.getpid()
        sources = session.load(session.look([Path()]))
        elsewhere = session.aside(process_of, 1)
        sources.follow(["g"])
        assert elsewhere() not in (os.getpid(), None)
        assert session.aside(os._exit, 1)() is None
    assert started == [2]


def process_of(_: int) -> int:
    return os.getpid()


def test_processes_start_while_files_are_looked_for(
    project: Path, started: list[int], settled: None
) -> None:
    many(project, 20)
    for expected in ([2], [2]):
        with driver.Session(Settings(jobs=2), project) as session:
            look = session.look([Path()])
            assert started == expected
            session.load(look)


def noted(jobs: Sequence[reading.Job], reader: reading.Reader | None = None) -> list[reading.Done]:
    """One empty file for each that is read, one more for each that is read again."""
    for job in jobs:
        mark = Path(job.path).with_suffix(".read")
        (mark.with_suffix(".again") if mark.exists() else mark).touch()
    return reading.run(jobs, reader)


def deadly_once(
    jobs: Sequence[reading.Job], reader: reading.Reader | None = None
) -> list[reading.Done]:
    try:
        Path("died").touch(exist_ok=False)
    except FileExistsError:
        return reading.run(jobs, reader)
    os._exit(11)


def test_files_are_begun_while_others_are_looked_at(
    project: Path, pooled: list[int], started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    many(project, 20)
    make(project, twin="import threading\nn = 3\n" + "x = 1\n" * 10)
    expected = load(project, jobs=1, cache=False).files
    begun: list[str] = []
    begin = pool.Workers.begin

    def spy(self: pool.Workers, job: reading.Job) -> None:
        begun.append(Path(job.path).name)
        begin(self, job)

    monkeypatch.setattr(pool.Workers, "begin", spy)
    monkeypatch.setattr(pool, "run", noted)
    with driver.Session(Settings(jobs=2, cache=False), project) as session:
        look = session.look([Path()])
        assert len(begun) == 20
        assert session.load(look).files == expected
    # Why 20: f03 and its twin are the same.
    assert sorted(path.with_suffix(".py").name for path in project.glob("*.read")) == sorted(begun)
    assert not list(project.glob("*.again"))


def test_a_worker_that_dies_early_costs_no_file(
    project: Path, pooled: list[int], started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "run", deadly_once)
    many(project, 20)
    sources = load(project, jobs=2, cache=False)
    assert len(sources.files) == 20
    assert all(facts.problem is None for facts in sources.files.values())


def test_what_was_begun_and_is_not_wanted_is_dropped(
    project: Path, started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "run", noted)
    many(project, 20)
    with driver.Session(Settings(jobs=2), project) as session:
        look = session.look([Path()])
        seen = next(one for one in look.seen if one.file.path == "f07.py")
        assert list(session.facts([seen], driver.Statistics())) == ["f07.py"]


@pytest.mark.parametrize("jobs, cache", [(1, True), (1, False)])
def test_one_process_starts_no_other(
    project: Path, started: list[int], jobs: int, cache: bool
) -> None:
    many(project, 20)
    load(project, jobs=jobs, cache=cache)
    assert started == []


def test_an_edited_file_is_parsed_beside_the_decoding_of_the_others(
    project: Path, started: list[int], settled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "WARM_BYTES", 1 << 30)
    monkeypatch.setattr(driver, "_has_parser", lambda: False)
    # Why: other tests of this process may have left a thread behind.
    monkeypatch.setattr(pool, "start_method", lambda: "fork")
    many(project, 30)
    expected = load(project, jobs=1, reader=small).files
    assert started == []
    make(project, f00="import threading\nedited = 1\n")
    heard: list[str] = []
    with driver.Session(
        Settings(jobs=2), project, reader=small, meanwhile=lambda: heard.append("asked")
    ) as session:
        sources = session.load(session.look([Path()]))
    assert (started, heard) == ([1], ["asked"])
    assert (sources.statistics.parsed, sources.statistics.cached) == (1, 29)
    assert list(sources.files) == list(expected)
    assert sources.files["f00.py"] != expected["f00.py"]
    assert sources.files == load(project, jobs=1, cache=False, reader=small).files


def test_something_else_is_done_while_many_files_are_parsed(
    project: Path, pooled: list[int], started: list[int]
) -> None:
    many(project)
    heard: list[int] = []
    with driver.Session(
        Settings(jobs=2), project, reader=small, meanwhile=lambda: heard.append(len(started))
    ) as session:
        files = session.load(session.look([Path()])).files
    assert heard == [1]
    assert files == load(project, jobs=1, cache=False, reader=small).files


def test_a_file_that_kills_the_process_beside(project: Path) -> None:
    make(project, bad="# die\n", good="x = 1\n")
    jobs = [reading.Job(str(project / f"{name}.py"), b"", 1) for name in ("bad", "good")]
    done = {Path(one.path).stem: one.facts for one in pool.Workers().ahead(jobs, deadly)()}
    problem = Problem("internal", "the process that read this file died")
    assert done["bad"] == FileFacts(lines=1, problem=problem)
    assert isinstance(done["good"], bytes)


@pytest.mark.parametrize("error", [OSError(28, "full"), ImportError("x"), NotImplementedError()])
def test_where_no_process_can_start_one_does_it_all(
    project: Path, pooled: list[int], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise error

    many(project, 5)
    monkeypatch.setattr(pool, "ProcessPoolExecutor", refuse)
    assert len(load(project, jobs=2, reader=small).files) == 5
    assert pooled == [2]


def test_workers_that_cannot_begin_leave_it_to_this_process(
    project: Path, pooled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    many(project, 5)
    monkeypatch.setattr(pool, "_begin", os._exit)
    sources = load(project, jobs=2, reader=small)
    assert len(sources.files) == 5
    assert all(facts.problem is None for facts in sources.files.values())


def test_largest_first_in_even_parts() -> None:
    jobs = [reading.Job(f"{n}", b"", n) for n in (1, 500, 20, 20, 300, 10, 10, 10, 5, 5)]
    batches = pool._batches(jobs, 2)
    assert [job.lines for job in batches[0]] == [500]
    assert sorted(job for batch in batches for job in batch) == sorted(jobs)
    sizes = [sum(job.lines for job in batch) for batch in batches[2:]]
    assert max(sizes) <= 881 / pool.BATCHES


def test_fork_only_while_there_is_one_thread() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert pool.start_method() == "spawn"
    finally:
        done.set()
        thread.join()


def test_progress_is_heard(project: Path, pooled: list[int]) -> None:
    many(project, 8)
    heard: list[tuple[int, int]] = []

    def say(done: int, total: int) -> None:
        heard.append((done, total))

    driver.read([Path()], Settings(jobs=2), project, reader=small, progress=say)
    assert heard[-1] == (8, 8)
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_an_interrupt_ends_the_run_and_its_workers(project: Path) -> None:
    many(project, 4)
    (project / "slow.py.txt").write_text("")
    code = (
        "import os, time\n"
        "from pathlib import Path\n"
        "from racecheck.settings import Settings\n"
        "from racecheck.source import driver\n"
        "def slow(data):\n"
        "    with open(f'pid-{os.getpid()}', 'w'): pass\n"
        "    time.sleep(3600)\n"
        "driver.POOL_LINES = 0\n"
        "if __name__ == '__main__':\n"
        "    try:\n"
        "        driver.read([Path('.')], Settings(jobs=2, cache=False), Path('.'), reader=slow)\n"
        "    except KeyboardInterrupt:\n"
        "        print('interrupted', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": HOME},
    ) as run:
        while len(list(project.glob("pid-*"))) < 2:
            assert run.poll() is None
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=300)
    assert (out, err, run.returncode) == (b"interrupted\n", b"", 0)
    for path in project.glob("pid-*"):
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name.partition("-")[2]), 0)
