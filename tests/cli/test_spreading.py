"""`racecheck explore --jobs` and `--cluster`: the same words and exit codes from many processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bridge.explored import BANK, DEADLOCK, RACY, TWO_THREADS
from tests.cli.runner import ROOT, process


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    texts = {"bank": BANK, "page": RACY, "locks": DEADLOCK, "broken": "value = 1 / 0\n"}
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


def explore(folder: Path, *words: str) -> tuple[int, str, str]:
    done = process("explore", *words, folder=folder)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_jobs_say_the_same(folder: Path) -> None:
    words = ("--output-format", "json", *("bank:test_overdrawn", "locks.py:test_both_orders"))
    words = (*words, "bank:test_counted")
    said = []
    for jobs in ("2", "3"):
        code, out, err = explore(folder, "--jobs", jobs, *words)
        assert code == 1, err
        said.append(json.loads(out))
        assert "2 of 3 targets fail under exploration (2 confirmed)." in err
        assert f"shares go to {jobs} workers" in err
        for path in (folder / ".racecheck" / "schedules").glob("*.toml"):
            path.unlink()
    one, two = ({k: v for k, v in each.items() if k != "statistics"} for each in said)
    assert one == two


def test_jobs_with_a_name_that_is_wrong(folder: Path) -> None:
    code, out, err = explore(folder, "--jobs", "2", "broken:test")
    assert code == 2
    assert out == ""
    assert "`broken` fails when it is imported: ZeroDivisionError" in err


def test_jobs_of_tests(folder: Path) -> None:
    (folder / "test_all.py").write_text(
        "from bank import test_overdrawn, test_counted, test_alone\nfrom page import test_hits\n"
    )
    code, out, err = explore(folder, "--jobs", "2", "test_all.py")
    assert code == 1, out + err
    assert "2 failed, 2 passed" in out
    assert "1 test had one thread only" in out
    assert out.count("[confirmed]") == 2
    assert "2 of 3 tests fail under exploration" in out


def test_a_cluster_without_dask(folder: Path) -> None:
    (folder / "distributed.py").write_text("raise ImportError\n")
    for target in ("bank:test_counted", "test_all.py"):
        (folder / "test_all.py").write_text("from bank import test_counted\n")
        code, out, err = explore(folder, "--cluster", "127.0.0.1:9", target)
        assert code == 2
        assert "--cluster needs Dask, which is not installed here" in out + err
        assert 'pip install "racecheck-py[dask]"' in out + err


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interruption_of_several_processes(folder: Path) -> None:
    (folder / "long.py").write_text(
        TWO_THREADS + "import time\n\n\ndef test_long():\n"
        "    from pathlib import Path\n    Path('began').touch()\n"
        "    both(lambda: sum(range(10**6)), lambda: sum(range(10**6)))\n"
    )
    command = [sys.executable, "-m", "racecheck", "explore", "--jobs", "2", "--time", "off"]
    with subprocess.Popen(
        [*command, "--schedules", "100000", "--strategy", "random", "long.py:test_long"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stderr=subprocess.PIPE,
        text=True,
    ) as going:
        assert going.stderr is not None
        for line in going.stderr:
            if "shares go to" in line:
                break
        going.send_signal(signal.SIGINT)
        rest = going.stderr.read()
        assert going.wait(60) == 130, rest
    assert "racecheck: interrupted" in rest
