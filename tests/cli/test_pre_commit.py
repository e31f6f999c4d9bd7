"""The hook under the real pre-commit: the whole program is known, the staged files are reported."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHEEL_PARTS = [
    ".pre-commit-hooks.yaml",
    "LICENSE",
    "README.md",
    "pyproject.toml",
    "racecheck",
    "rules",
]

TALLY = """\
class Tally:
    def __init__(self) -> None:
        self.total = 0

    def add(self, amount: int) -> None:
        self.total = self.rounded(self.total + amount)

    def rounded(self, amount: int) -> int:
        return amount - amount % 5
"""

WORKER = """\
from concurrent.futures import ThreadPoolExecutor

from shop.tally import Tally


def add_all(amounts: list[int]) -> int:
    tally = Tally()
    with ThreadPoolExecutor(max_workers=4) as pool:
        for amount in amounts:
            pool.submit(tally.add, amount)
    return tally.total
"""

UNRELATED = """\
import threading


def work(number: int) -> None:
    print(number)


threading.Thread(target=work, args=(1)).start()
"""

CONFIG = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: racecheck
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
]


class Sandbox:
    """A git repository with the hook configured, and an environment of its own."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "RACECHECK_"))},
            "PRE_COMMIT_HOME": str(folder / "pre-commit"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        }

    def run(self, *command: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=folder or self.project,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
        done = self.run("git", *identity, *arguments, folder=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit_all(self, folder: Path) -> str:
        self.git("init", "-q", folder=folder)
        self.git("add", "-A", folder=folder)
        self.git("commit", "-q", "-m", "all", folder=folder)
        return self.git("rev-parse", "HEAD", folder=folder)

    def hook(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "pre_commit", *arguments)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """This checkout as the hook's repository, and a project in which nothing is staged."""
    pytest.importorskip("pre_commit")
    folder = tmp_path_factory.mktemp("hook")
    sandbox = Sandbox(folder)
    repository = folder / "racecheck"
    repository.mkdir()
    for part in WHEEL_PARTS:
        source, target = ROOT / part, repository / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    revision = sandbox.commit_all(repository)
    sandbox.project.mkdir()
    (sandbox.project / "shop").mkdir()
    files = {
        ".pre-commit-config.yaml": CONFIG.format(repository=repository, revision=revision),
        "shop/__init__.py": "",
        "shop/tally.py": TALLY,
        "shop/worker.py": WORKER,
        "shop/unrelated.py": UNRELATED,
    }
    for name, text in files.items():
        (sandbox.project / name).write_text(text, "utf-8")
    sandbox.commit_all(sandbox.project)
    installed = sandbox.hook("install-hooks")
    if installed.returncode != 0:
        said = installed.stdout + installed.stderr
        if "Could not find a version" in said or "No matching distribution" in said:
            pytest.skip("pre-commit could not install the hook: no package index")
        pytest.fail(said)
    return sandbox


def stage(sandbox: Sandbox, name: str) -> None:
    path = sandbox.project / name
    path.write_text(path.read_text("utf-8") + "\n# touched\n", "utf-8")
    sandbox.git("reset", "-q")
    sandbox.git("add", name)


def test_a_race_across_two_files_is_found_when_one_is_staged(sandbox: Sandbox) -> None:
    stage(sandbox, "shop/tally.py")
    done = sandbox.hook("run", "racecheck")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Tally.total" in done.stdout
    assert "shop/tally.py:6" in done.stdout
    assert "shop/worker.py" in done.stdout, "the thread that makes it a race is started there"
    assert "shop/unrelated.py" not in done.stdout, "it was not staged"


def test_the_staged_file_alone_would_say_nothing(sandbox: Sandbox) -> None:
    """Without the rest of the program there is no thread to be seen."""
    command = [sys.executable, "-m", "racecheck", "lint", "--no-cache", "shop/tally.py"]
    done = sandbox.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_findings_in_files_that_are_not_staged_are_not_reported(sandbox: Sandbox) -> None:
    stage(sandbox, "shop/__init__.py")
    done = sandbox.hook("run", "racecheck")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_staged_file_is_reported_for_itself(sandbox: Sandbox) -> None:
    stage(sandbox, "shop/unrelated.py")
    done = sandbox.hook("run", "racecheck")
    assert done.returncode == 1
    assert "RC429" in done.stdout
    assert "Tally" not in done.stdout
