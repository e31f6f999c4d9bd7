"""`racecheck run` and plain Python: the same output, the same errors, the same end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.runner import ROOT

PROGRAMS = Path(__file__).with_name("programs")
"""One program a file; `# args:` and `# stdin:` in its first lines say how it is called, `# finds:`
that it has a bug, so that something is said of it."""

SCRIPTS = sorted(path for path in PROGRAMS.glob("*.py"))
MODULES = ["package", "package.inner", "package.relative", "single"]
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", ""),
    "PYTHONPATH": str(ROOT),
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    **{k: v for k, v in os.environ.items() if k.startswith("RACECHECK_RUN_")},
}
ADDRESS = re.compile(r"0x[0-9a-f]+")


def call(folder: Path, *words: str, stdin: str = "") -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=ENVIRONMENT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, ADDRESS.sub("0x", done.stdout), ADDRESS.sub("0x", done.stderr)


def said(path: Path, word: str) -> str:
    match = re.search(rf"^# {word}: (.*)$", path.read_text("utf-8"), re.MULTILINE)
    return match[1] if match else ""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs, outside of any project."""
    home = tmp_path_factory.mktemp("programs")
    for path in PROGRAMS.rglob("*.py"):
        copy = home / path.relative_to(PROGRAMS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    return home


def both(folder: Path, *words: str, stdin: str = "", flags: tuple[str, ...] = ()) -> None:
    plain = call(folder, *words, stdin=stdin)
    watched = call(folder, "-m", "racecheck", "run", *flags, *words, stdin=stdin)
    assert watched == plain


def test_there_are_enough() -> None:
    assert len(SCRIPTS) >= 30


@pytest.mark.parametrize("path", SCRIPTS, ids=[path.stem for path in SCRIPTS])
def test_a_script_is_as_without_us(path: Path, folder: Path) -> None:
    flags = ("-qq", "--exit-zero") if said(path, "finds") else ()
    both(folder, path.name, *said(path, "args").split(), stdin=said(path, "stdin"), flags=flags)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_as_without_us(name: str, folder: Path) -> None:
    both(folder, "-m", name, "one", "--two")


def test_a_folder_is_as_without_us(folder: Path) -> None:
    both(folder, "package", "x")


def test_a_script_elsewhere_finds_its_neighbours(folder: Path) -> None:
    both(folder, "package/neighbour.py")


@pytest.mark.parametrize("name", ["syntax.txt", "tabs.txt"])
def test_a_syntax_error_is_as_without_us(name: str, folder: Path) -> None:
    texts = {"syntax.txt": "x = 1\ndef f(:\n    pass\n", "tabs.txt": "if 1:\n\tx\n        y\n"}
    (folder / name).write_text(texts[name])
    both(folder, name)


def test_a_closed_stdout_is_as_without_us(folder: Path) -> None:
    command = "import sys; print(sys.stdout, file=sys.stderr)"
    (folder / "closed.py").write_text(command)
    found = []
    for words in (["closed.py"], ["-m", "racecheck", "run", "closed.py"]):
        done = subprocess.run(
            ["/bin/sh", "-c", 'exec "$@" >&-', "sh", sys.executable, *words],
            cwd=folder,
            env=ENVIRONMENT,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
        found.append((done.returncode, done.stderr))
    assert found[0] == found[1]


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_from_outside_ends_it_as_without_us(number: int, folder: Path) -> None:
    (folder / "waits.py").write_text("import time\nprint('ready', flush=True)\ntime.sleep(60)\n")
    found = []
    for words in (["waits.py"], ["-m", "racecheck", "run", "waits.py"]):
        child = subprocess.Popen(
            [sys.executable, *words],
            cwd=folder,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(number)
        out, err = child.communicate(timeout=60)
        found.append((child.returncode, out, err))
    assert found[0] == found[1]
