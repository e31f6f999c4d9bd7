"""`racecheck run`: what it says about a program, where, and with which exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.cli.runner import process
from tests.report.test_sarif import SCHEMA

ASKED = {name: value for name, value in os.environ.items() if name.startswith("RACECHECK_RUN_")}
"""Settings that somebody who runs these tests has chosen: another backend."""

RACY = """\
import sys
import threading


class Ledger:
    def __init__(self):
        self.balance = 0

    def settle(self, fee):
        self.balance -= fee


def settle_all(ledger):
    threads = [threading.Thread(target=ledger.settle, args=(1,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


ledger = Ledger()
settle_all(ledger)
print(ledger.balance)
"""
CLEAN = RACY.replace("self.balance = 0", "self.balance = 0\n        self.lock = threading.Lock()")
CLEAN = CLEAN.replace(
    "        self.balance -= fee", "        with self.lock:\n            self.balance -= fee"
)
HANGS = """\
import threading

first, second = threading.Lock(), threading.Lock()
both = threading.Barrier(2)


def take(one, other):
    with one:
        both.wait()
        with other:
            pass


threads = [
    threading.Thread(target=take, args=pair, name=name)
    for name, pair in (("up", (first, second)), ("down", (second, first)))
]
for thread in threads:
    thread.start()
print("started", flush=True)
for thread in threads:
    thread.join()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    for name, text in (("racy", RACY), ("clean", CLEAN), ("hangs", HANGS)):
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


def run(folder: Path, *words: str, **environment: str) -> tuple[int, str, str]:
    done = process("run", *words, folder=folder, environment={**ASKED, **environment})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_race_is_said_after_the_program(folder: Path) -> None:
    code, out, err = run(folder, "racy.py")
    assert (code, out) == (66, "-2\n")
    assert err.startswith("RC101 ")
    assert "--> racy.py:10:9" in err
    assert "1 read and written, no lock held, on Thread-1 (settle)" in err
    assert "2 read and written, no lock held, on Thread-2 (settle)" in err
    assert "started at racy.py:16" in err
    assert err.endswith("racecheck: 1 problem (1 observed)\n")


def test_a_clean_program_is_left_alone(folder: Path) -> None:
    assert run(folder, "clean.py") == (0, "-2\n", "")


@pytest.mark.parametrize("backend", ["rewrite", "monitoring", "settrace"])
def test_every_backend_says_the_same(backend: str, folder: Path) -> None:
    code, _, err = run(folder, "--backend", backend, "racy.py")
    if backend == "monitoring" and sys.version_info < (3, 12):
        assert (code, "3.12" in err) == (2, True)
        return
    default, _, said = run(folder, "racy.py")
    # Why only above the evidence: where an object was made, only rewritten code can say.
    assert (code, err.partition("   = ")[0]) == (default, said.partition("   = ")[0])


def test_the_code_of_the_program_comes_first(folder: Path) -> None:
    (folder / "fails.py").write_text(RACY + "sys.exit(4)\n")
    code, _, err = run(folder, "fails.py")
    assert (code, "RC101" in err) == (4, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--exit-code", "3"], 3),
        (["--exit-code=0"], 0),
        (["--exit-zero"], 0),
        (["--fail-on", "confirmed"], 0),
        (["--ignore", "RC101"], 0),
        (["--select", "RC3"], 0),
        (["--watch", "lock-order"], 0),
        (["--watch", "races,lock-order"], 66),
    ],
)
def test_what_counts(words: list[str], code: int, folder: Path) -> None:
    assert run(folder, *words, "racy.py")[0] == code


def test_quiet_and_loud(folder: Path) -> None:
    code, _, err = run(folder, "-q", "racy.py")
    assert (code, "RC101" in err, "1 problem" in err) == (66, True, False)
    assert run(folder, "-qq", "racy.py") == (66, "-2\n", "")
    code, _, err = run(folder, "-v", "clean.py")
    assert code == 0
    assert err.startswith("racecheck: backend rewrite, watched races lock-order hangs signals")


def test_stacks_show_the_callers(folder: Path) -> None:
    (folder / "deep.py").write_text(
        RACY.replace("target=ledger.settle", "target=outer").replace(
            "def settle_all", "def outer(fee):\n    ledger.settle(fee)\n\n\ndef settle_all"
        )
    )
    assert "called from" not in run(folder, "deep.py")[2]
    assert "1 called from deep.py:14 in outer" in run(folder, "--stacks", "deep.py")[2]


def test_files_hold_the_result_in_their_formats(folder: Path) -> None:
    outputs = ["-o", "json:out/found.json", "-o", "sarif:found.sarif", "-o", "junit:found.xml"]
    code, out, err = run(folder, *outputs, "racy.py")
    assert (code, out, "RC101" in err) == (66, "-2\n", True)
    data = json.loads((folder / "out" / "found.json").read_text())
    (finding,) = data["findings"]
    assert (finding["code"], finding["confidence"], finding["path"]) == (
        "RC101",
        "observed",
        "racy.py",
    )
    assert [side["thread"] for side in finding["related"]] == [
        "Thread-1 (settle)",
        "Thread-2 (settle)",
    ]
    sarif = json.loads((folder / "found.sarif").read_text())
    jsonschema.Draft7Validator(SCHEMA).validate(sarif)
    assert sarif["runs"][0]["results"][0]["properties"]["origin"] == "run"
    assert "RC101" in (folder / "found.xml").read_text()


def test_files_stay_where_they_were_named(folder: Path) -> None:
    (folder / "moves.py").write_text("import os\nos.chdir('/')\n" + RACY)
    code, _, err = run(folder, "-o", "json:found.json", "moves.py")
    assert (code, "--> moves.py:12:9" in err) == (66, True)
    assert json.loads((folder / "found.json").read_text())["findings"][0]["path"] == "moves.py"


def test_another_format_on_stderr(folder: Path) -> None:
    _, out, err = run(folder, "--output-format", "concise", "-q", "racy.py")
    assert (out, err.split(": ")[0]) == ("-2\n", "racy.py:10:9")
    _, out, err = run(folder, "--output-format", "json", "-q", "clean.py")
    assert (out, json.loads(err)["findings"]) == ("-2\n", [])


def test_suppressions_of_every_kind(folder: Path) -> None:
    settings = '[[tool.racecheck.suppress]]\ncode = "RC101"\nsubject = "Ledger.*"\n'
    (folder / "pyproject.toml").write_text(settings)
    assert run(folder, "racy.py") == (0, "-2\n", "")
    (folder / "pyproject.toml").write_text("")
    comment = "-= fee  # racecheck: ignore[RC101] -- a guess is enough"
    (folder / "racy.py").write_text(RACY.replace("-= fee", comment))
    assert run(folder, "racy.py") == (0, "-2\n", "")


def test_settings_of_the_project_count(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.racecheck.run]\nbackend = "settrace"\n')
    assert "backend settrace" in run(folder, "-v", "clean.py")[2]
    assert "backend rewrite" in run(folder, "-v", "--backend", "rewrite", "clean.py")[2]
    assert "backend rewrite" in run(folder, "-v", "clean.py", RACECHECK_RUN_BACKEND="rewrite")[2]


def test_only_what_is_to_be_traced_is_looked_at(folder: Path) -> None:
    (folder / "shop").mkdir()
    (folder / "shop" / "__init__.py").write_text(RACY)
    (folder / "main.py").write_text("import shop\n")
    assert run(folder, "main.py")[0] == 66
    assert run(folder, "--trace", "shop", "main.py")[0] == 66
    assert run(folder, "--trace", "other", "main.py")[0] == 0


@pytest.mark.parametrize("leave", ["os._exit(0)", "os._exit(7)", "os.execv('/bin/true', ['true'])"])
def test_findings_are_not_lost_when_the_process_is_left(leave: str, folder: Path) -> None:
    (folder / "leaves.py").write_text(f"import os\n{RACY}sys.stdout.flush()\n{leave}\n")
    code, out, err = run(folder, "leaves.py")
    assert (out, err.count("RC101 ")) == ("-2\n", 1)
    assert code == {"os._exit(0)": 66, "os._exit(7)": 7}.get(leave, 0)


def test_a_forked_child_says_nothing(folder: Path) -> None:
    (folder / "forks.py").write_text(
        f"import os\n{RACY}sys.stdout.flush()\nchild = os.fork()\nif child:\n"
        "    os.waitpid(child, 0)\n"
    )
    code, out, err = run(folder, "forks.py")
    assert (code, out, err.count("RC101 ")) == (66, "-2\n", 1)


def test_an_exception_is_said_before_the_findings(folder: Path) -> None:
    (folder / "raises.py").write_text(RACY + "raise ValueError('mine')\n")
    code, _, err = run(folder, "raises.py")
    assert code == 1
    assert err.index("ValueError: mine") < err.index("RC101 ")
    assert "racecheck/cli" not in err


def test_a_hang_is_said_and_ended(folder: Path) -> None:
    code, out, err = run(folder, "-o", "json:found.json", "hangs.py")
    assert (code, out) == (66, "started\n")
    assert err.count("RC309 ") == 1
    assert "confirmed" in err
    (finding,) = json.loads((folder / "found.json").read_text())["findings"]
    assert finding["confidence"] == "confirmed"
    assert run(folder, "--exit-code", "9", "-qq", "hangs.py")[0] == 9


def test_a_trace_survives_a_kill(folder: Path) -> None:
    (folder / "killed.py").write_text(
        f"import os, signal\n{RACY}sys.stdout.flush()\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    code, _, err = run(folder, "--trace-file", "trace.jsonl", "killed.py")
    assert (code, err) == (-signal.SIGKILL, "")
    done = process("report", "trace.jsonl", folder=folder)
    assert done.returncode == 1
    assert b"RC101 " in done.stdout
    assert b"the run was cut off" in done.stderr


def test_a_fault_of_ours_does_not_disturb_the_program(folder: Path) -> None:
    """The file for the result cannot be written: the program has done its work all the same."""
    (folder / "taken").write_text("")
    code, out, err = run(folder, "-o", "json:taken/found.json", "clean.py")
    assert (code, out) == (0, "-2\n")
    assert "cannot write" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "which program?"),
        (["-m"], "-m needs the name of a module"),
        (["gone.py"], "no script `gone.py`"),
        (["shop"], "to run a module: racecheck run -m shop"),
        (["."], "`.` is a folder without `__main__.py`"),
        (["-m", "no.such.module"], "no.such.module"),
        (["--backend", "magic", "racy.py"], "must be one of auto, rewrite, monitoring, settrace"),
        (["--backnd", "x", "racy.py"], "did you mean `--backend`?"),
        (["--watch", "race", "racy.py"], "did you mean `races`?"),
        (["--hang-timeout", "soon", "racy.py"], '"10s", "500ms", "2m" or "off"'),
        (["--exit-code", "300", "racy.py"], "--exit-code"),
        (["--select", "RC1O1", "racy.py"], "unknown rule `RC1O1` in --select"),
        (["-o", "jsno:x", "racy.py"], "did you mean `json`?"),
    ],
)
def test_wrong_use_runs_nothing(words: list[str], said: str, folder: Path) -> None:
    code, out, err = run(folder, *words)
    assert (code, out) == (2, "")
    assert err.startswith("racecheck: error: ")
    assert said in err
    assert len(err.splitlines()) <= 4


def test_wrong_settings_name_the_line(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.racecheck.run]\nbakend = "auto"\n')
    code, _, err = run(folder, "racy.py")
    assert code == 2
    assert "unknown setting `bakend` in pyproject.toml:2, section [tool.racecheck.run]" in err
    assert "did you mean `backend`?" in err


def test_daemon_threads_that_write_at_the_end(folder: Path) -> None:
    """The report does not wait for them, and they do not break it."""
    (folder / "daemon.py").write_text(
        "import threading\nwaits = threading.Event()\n"
        "threading.Thread(target=waits.wait, daemon=True).start()\n" + RACY
    )
    assert run(folder, "daemon.py")[0] == 66


def test_colour_only_when_asked(folder: Path) -> None:
    assert "\x1b[" not in run(folder, "racy.py")[2]
    assert "\x1b[" in run(folder, "--color", "always", "racy.py")[2]


def test_in_a_folder_that_is_gone(folder: Path) -> None:
    (folder / "leaves_folder.py").write_text(
        "import os, tempfile\nhere = tempfile.mkdtemp()\nos.chdir(here)\nos.rmdir(here)\n" + RACY
    )
    assert run(folder, "leaves_folder.py")[0] == 66


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals there")
def test_ctrl_c_ends_it_by_the_signal_with_a_report(folder: Path) -> None:
    (folder / "waits.py").write_text(
        RACY + "print('ready', flush=True)\nthreading.Event().wait()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-m", "racecheck", "run", "waits.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.fspath(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert child.stdout is not None
    while child.stdout.readline() != b"ready\n":
        pass
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == -signal.SIGINT
    assert err.index(b"KeyboardInterrupt") < err.index(b"RC101 ")


def test_a_fault_of_the_rewriter_costs_its_findings_only(folder: Path) -> None:
    (folder / "sitecustomize.py").write_text(
        "from racecheck.runtime import rewriting\n"
        "def broken(source, path):\n    raise KeyError('ours')\n"
        "rewriting.compile_main = broken\n"
    )
    path = os.pathsep.join((str(folder), str(Path(__file__).parents[2])))
    code, out, err = run(folder, "--backend", "rewrite", "racy.py", PYTHONPATH=path)
    assert (code, out) == (0, "-2\n")
    assert err.startswith("racecheck: internal error: watching failed: rewriting ")
    assert err.endswith("KeyError: 'ours'; the program was not disturbed\n")
