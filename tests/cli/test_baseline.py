"""`racecheck lint` with a baseline: known findings are counted, not listed; only new ones fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from racecheck import api, lint
from racecheck.checks import registry
from racecheck.core.errors import SettingsError
from tests.cli.runner import run

FILE = "known.json"
USE = ("--baseline", FILE)
PAGE = """\
from threading import Thread


class {name}:
    def __init__(self):
        self.hits = 0
        for _ in range(4):
            Thread(target=self.show).start()

    def show(self):
        self.hits = max(self.hits, id(self))
"""


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    for name in ("GITHUB_ACTIONS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    write("a/page.py", "Page")
    return tmp_path


def write(path: str, *names: str) -> None:
    Path(path).write_text("\n\n".join(PAGE.format(name=name) for name in names), "utf-8")


def entries() -> list[tuple[str, str]]:
    found = json.loads(Path(FILE).read_text("utf-8"))["findings"]
    return [(one["path"], one["subject"]) for one in found]


def test_what_is_written_is_not_found_again(capfd):
    assert run(capfd, "lint").code == 1
    written = run(capfd, "lint", *USE, "--update-baseline")
    counted = "No problems found in 1 file; 1 in the baseline.\n"
    assert written == (0, "", counted)
    assert entries() == [("a/page.py", "Page.hits")]
    assert run(capfd, "lint", *USE) == (0, "", counted)
    assert run(capfd, "lint").code == 1


def test_only_what_is_new_is_listed_wherever_the_rest_has_moved(capfd):
    run(capfd, "lint", *USE, "--update-baseline")
    write("a/page.py", "New", "Page")
    outcome = run(capfd, "lint", *USE, "--output-format", "concise")
    assert outcome.code == 1
    (line,) = outcome.out.splitlines()
    assert line.startswith("a/page.py:11:")
    assert outcome.err == "Found 1 problem in 1 file (1 likely); 1 in the baseline.\n"


def test_an_edited_baseline_counts_at_once_for_a_kept_result(capfd, monkeypatch):
    run(capfd, "lint", *USE, "--update-baseline")
    monkeypatch.setattr(registry, "run", lambda *_: pytest.fail("the kept result is enough"))
    assert run(capfd, "lint", *USE).code == 0
    Path(FILE).write_text('{"version": 1, "findings": []}', "utf-8")
    assert run(capfd, "lint", *USE).code == 1
    assert run(capfd, "lint").code == 1


def test_the_setting_of_a_project_starts_at_its_folder(project, capfd, monkeypatch):
    (project / "racecheck.toml").write_text(f'baseline = "{FILE}"', "utf-8")
    monkeypatch.chdir(project / "a")
    assert run(capfd, "lint", "--update-baseline").code == 0
    monkeypatch.chdir(project)
    assert entries() == [("a/page.py", "Page.hits")]
    assert run(capfd, "lint").code == 0
    assert [finding.subject for finding in lint(["a"]).suppressed] == ["Page.hits"]


def test_pruning_forgets_what_is_gone_and_learns_nothing(capfd):
    write("a/page.py", "Page", "Post")
    run(capfd, "lint", *USE, "--update-baseline")
    write("a/page.py", "Post", "New")
    said = "1 known finding no longer found: see --prune-baseline"
    assert said in run(capfd, "lint", *USE, "-v").err
    outcome = run(capfd, "lint", *USE, "--prune-baseline")
    assert outcome.code == 1
    assert "New.hits" in outcome.out
    assert entries() == [("a/page.py", "Post.hits")]
    assert said not in run(capfd, "lint", *USE, "-v").err


@pytest.mark.parametrize("flag", ["--update-baseline", "--prune-baseline"])
def test_who_looks_at_one_folder_keeps_what_is_known_of_others(flag, capfd):
    write("b/post.py", "Post")
    run(capfd, "lint", *USE, "--update-baseline")
    Path("a/page.py").write_text("import threading\n", "utf-8")
    assert run(capfd, "lint", "a", *USE, flag).code == 0
    assert entries() == [("b/post.py", "Post.hits")]
    Path("b/post.py").unlink()
    assert run(capfd, "lint", "a", *USE, flag).code == 0
    assert entries() == []


def test_reports_count_known_findings_and_sarif_says_that_somebody_knows(capfd):
    run(capfd, "lint", *USE, "--update-baseline")
    numbers = json.loads(run(capfd, "lint", *USE, "--output-format", "json").out)["statistics"]
    assert (numbers["baselined"], numbers["suppressed"]) == (1, 1)
    log = json.loads(run(capfd, "lint", *USE, "--output-format", "sarif").out)
    (one,) = log["runs"][0]["results"]
    assert one["suppressions"] == [{"kind": "external", "justification": "baseline"}]
    assert run(capfd, "lint", *USE, "--output-format", "concise").out == ""


def test_a_comment_wins_over_the_baseline(capfd):
    run(capfd, "lint", *USE, "--update-baseline")
    text = Path("a/page.py").read_text("utf-8").rstrip("\n")
    Path("a/page.py").write_text(f"{text}  # racecheck: ignore[RC106] -- rough\n", "utf-8")
    assert run(capfd, "lint", *USE).err == "No problems found in 1 file.\n"


def test_a_text_from_stdin_has_known_findings_too(capfd):
    run(capfd, "lint", *USE, "--update-baseline")
    text = {"a/page.py": Path("a/page.py").read_text("utf-8")}
    known = str(Path(FILE).absolute())
    assert api.lint_texts(text, baseline=known).findings == ()
    assert len(api.lint_texts(text).findings) == 1


def test_a_result_with_errors_changes_no_baseline(capfd, monkeypatch):
    run(capfd, "lint", *USE, "--update-baseline")
    before = Path(FILE).read_bytes()
    failure = registry.Failure("rc106_non_atomic_update", "oh", "a traceback")
    monkeypatch.setattr(registry, "run", lambda *_: ([], [failure]))
    outcome = run(capfd, "lint", *USE, "--update-baseline", "--no-cache")
    assert outcome.code == 3
    assert "the baseline is as before: not all was looked at" in outcome.err
    assert Path(FILE).read_bytes() == before


def test_a_broken_baseline_is_said_before_anything_is_read_and_can_be_made_anew(capfd):
    Path(FILE).write_text("{", "utf-8")
    for flags in ([], ["--prune-baseline"]):
        outcome = run(capfd, "lint", *USE, *flags)
        assert (outcome.code, outcome.out) == (2, "")
        assert "is broken" in outcome.err
        assert "--update-baseline" in outcome.err
    assert run(capfd, "lint", *USE, "--update-baseline").code == 0
    assert entries() == [("a/page.py", "Page.hits")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--update-baseline"], "--update-baseline writes a baseline, and no file is named"),
        (["--prune-baseline"], "--prune-baseline writes a baseline, and no file is named"),
        ([*USE, "--update-baseline", "--prune-baseline"], "not allowed with"),
        (USE, f"{FILE}` does not exist"),
    ],
)
def test_flags_that_make_no_sense_are_said(arguments, message, capfd):
    outcome = run(capfd, "lint", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert not Path(FILE).exists()


def test_stdin_writes_no_baseline(capfd, monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"import threading\n")))
    outcome = run(capfd, "lint", "-", *USE, "--update-baseline")
    assert outcome.code == 2
    assert "--update-baseline needs files, not stdin" in outcome.err


def test_the_api_writes_one_only_where_it_is_told_to():
    with pytest.raises(SettingsError, match="no baseline"):
        api.update_baseline(["a"])
    assert api.update_baseline(["a"], baseline=FILE).known == 1
    assert entries() == [("a/page.py", "Page.hits")]
