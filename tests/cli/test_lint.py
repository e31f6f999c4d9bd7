"""`racecheck lint` end to end, with one check of the test's own: it reports every `# BUG`."""

from __future__ import annotations

import json
import os
import threading

import pytest

from racecheck import pipeline
from racecheck.checks import registry
from racecheck.core.finding import Confidence, Finding, Severity, Step
from racecheck.core.place import Place
from racecheck.report.result import Problem
from tests.cli.bugs import BUGGY, CLEAN, marked, write
from tests.cli.runner import process, run

pytestmark = pytest.mark.usefixtures("project")


def test_findings_are_on_stdout_and_the_rest_on_stderr(project, capfd):
    write(project, "m.py")
    outcome = run(capfd, "lint")
    assert outcome.code == 1
    assert "RC301 Unguarded write to `shared.total`" in outcome.out
    assert "--> m.py:7:5" in outcome.out
    assert "^^^^^^^^^^^^ written, no lock held" in outcome.out
    assert outcome.err == "Found 1 problem in 1 file (1 likely).\n"


def test_nothing_found(project, capfd):
    write(project, "m.py", CLEAN)
    write(project, "n.py", CLEAN)
    assert run(capfd, "lint", ".") == (0, "", "No problems found in 2 files.\n")


def test_a_missing_path_is_always_an_error(project, capfd):
    write(project, "m.py")
    outcome = run(capfd, "lint", "--select", "RC301", "m.py", "nofile.py")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "racecheck: error: no file or folder `nofile.py`\n"


@pytest.mark.parametrize("text", ["def f(:\n", "import threading\ndef f(:\n", "x = '\ud800\n"])
def test_a_syntax_error_is_a_finding_and_the_others_go_on(text, project, capfd):
    path = project / "broken.py"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    write(project, "m.py")
    outcome = run(capfd, "lint", "broken.py", "m.py", "--output-format", "concise")
    assert outcome.code == 1
    first, second = outcome.out.splitlines()
    assert first.startswith(f"broken.py:{text.count(chr(10))}:")
    assert "RC903" in first
    assert second.startswith("m.py:7:5: RC301")


def test_an_empty_folder_is_clean_and_said(project, capfd):
    (project / "empty").mkdir()
    assert run(capfd, "lint", "empty") == (0, "", "0 Python files under empty\n")


def test_quiet_and_quieter(project, capfd):
    write(project, "m.py")
    once = run(capfd, "lint", "-q")
    assert (once.code, once.err) == (1, "")
    assert "RC301" in once.out
    assert run(capfd, "lint", "-qq") == (1, "", "")


@pytest.mark.usefixtures("large_project")
def test_verbose_says_what_was_not_looked_at(project, capfd):
    write(project, "m.py", "x = 1\n")
    outcome = run(capfd, "lint", "-v")
    assert "1 file without threads, locks or tasks not parsed" in outcome.err


def test_exit_zero_and_fail_on(project, capfd):
    write(project, "m.py")
    assert run(capfd, "lint", "--exit-zero").code == 0
    assert run(capfd, "lint", "--fail-on", "observed").code == 0
    hidden = run(capfd, "lint", "--min-confidence", "observed")
    assert (hidden.code, hidden.out) == (0, "")


def test_exit_zero_does_not_hide_errors(project, capfd, monkeypatch):
    write(project, "m.py")
    failed = registry.Failure("rc301_x", "boom", "Traceback")
    monkeypatch.setattr(registry, "run", lambda study, codes: (list(marked(study)), [failed]))
    outcome = run(capfd, "lint", "--exit-zero")
    assert outcome.code == 3
    assert "RC301" in outcome.out
    assert "internal error: check rc301_x failed: boom" in outcome.err
    assert "Traceback" not in outcome.err
    assert list((project / ".racecheck_cache").glob("crash-*.md"))


def test_reports_to_files_and_stdout_in_one_run(project, capfd):
    write(project, "m.py")
    outcome = run(capfd, "lint", "-o", "json:out/r.json", "-o", "sarif:r.sarif", "-o", "concise:")
    assert outcome.out == "m.py:7:5: RC301 [likely] Unguarded write to `shared.total`\n"
    assert json.loads((project / "out" / "r.json").read_text())["findings"][0]["line"] == 7
    assert json.loads((project / "r.sarif").read_text())["version"] == "2.1.0"


def test_a_format_that_was_asked_for_stays_on_stdout(project, capfd):
    write(project, "m.py")
    outcome = run(capfd, "lint", "-q", "--output-format", "concise", "-o", "github:-")
    assert [line.split(":")[0] for line in outcome.out.splitlines()] == ["m.py", ""]


def test_a_report_that_cannot_be_written(project, capfd):
    write(project, "m.py")
    (project / "taken").mkdir()
    outcome = run(capfd, "lint", "-o", "json:taken")
    assert outcome.code == 2
    assert "cannot write taken" in outcome.err


def test_annotations_are_added_under_github_actions(project, capfd, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    write(project, "m.py")
    out = run(capfd, "lint").out
    assert "--> m.py:7:5" in out
    assert "::error file=m.py,line=7,endLine=7,col=5,endColumn=17,title=RC301" in out
    assert "::error" not in run(capfd, "lint", "--output-format", "json").out


def test_json_is_one_object_whatever_else_is_said(project, capfd):
    write(project, "m.py")
    write(project, "n.py", "import threading\ndef (\n")
    data = json.loads(run(capfd, "lint", "--output-format", "json").out)
    assert [f["code"] for f in data["findings"]] == ["RC301", "RC903"]
    assert data["statistics"]["files"] == 2


def test_statistics_replace_the_findings(project, capfd):
    write(project, "m.py")
    outcome = run(capfd, "lint", "--statistics", "-q", "-o", "concise:found.txt")
    assert (project / "found.txt").read_text().startswith("m.py:7:5: RC301")
    first, second = outcome.out.splitlines()
    assert first == "  1  RC301  useless-with-lock"
    assert second.startswith("  1 file, 1 analysed, 0 from cache, 0 skipped.")


def test_two_runs_give_the_same_bytes_cold_and_from_the_cache(project, capfd):
    for name in ("a.py", "b/c.py", "b/d.py"):
        write(project, name)
    runs = [
        run(capfd, "lint", "--output-format", form, *jobs).out
        for form in ("json", "full")
        for jobs in ((), (), ("--no-cache",), ("--no-cache", "--jobs", "2"))
    ]
    assert len(set(runs)) == 2


def test_a_changed_file_is_seen_in_spite_of_the_cache(project, capfd):
    path = write(project, "m.py")
    assert run(capfd, "lint").code == 1
    path.write_text(CLEAN)
    assert run(capfd, "lint").code == 0
    path.write_text(BUGGY)
    assert run(capfd, "lint").code == 1


def test_stdin(project):
    done = process(
        "lint",
        "-",
        "--output-format",
        "concise",
        folder=project,
        stdin=b"import threading\ndef (\n",
    )
    assert done.returncode == 1
    assert done.stdout.startswith(b"-:2:")


def test_stdin_under_a_name(project):
    done = process(
        "lint",
        "-",
        "--stdin-filename",
        "pkg/m.py",
        "-q",
        folder=project,
        stdin=b"import threading\ndef (\n",
    )
    assert b"--> pkg/m.py:2" in done.stdout
    assert b"2 | def (" in done.stdout


def test_per_file_ignores(project, capfd):
    write(project, "tests/m.py")
    write(project, "m.py")
    (project / "racecheck.toml").write_text('per-file-ignores = { "tests/*" = ["RC3"] }\n')
    outcome = run(capfd, "lint", "--output-format", "concise")
    assert [line.split(":")[0] for line in outcome.out.splitlines()] == ["m.py"]


def test_per_file_ignores_start_at_the_settings_file(project, capfd, monkeypatch):
    write(project, "tests/m.py")
    (project / "racecheck.toml").write_text('per-file-ignores = { "tests/*" = ["RC3"] }\n')
    monkeypatch.chdir(project / "tests")
    assert run(capfd, "lint").code == 0


def test_comments_are_not_stale_when_a_check_failed(project, capfd, monkeypatch):
    write(project, "m.py", CLEAN + "x = 1  # racecheck: ignore[RC301] -- why\n")
    monkeypatch.setattr(registry, "run", lambda study, codes: ([], []))
    assert "RC902" in run(capfd, "lint").out
    failed = registry.Failure("rc301_x", "boom", "Traceback")
    monkeypatch.setattr(registry, "run", lambda study, codes: ([], [failed]))
    assert "RC902" not in run(capfd, "lint", "--no-cache").out


def test_reasons_are_demanded_by_the_setting(project, capfd):
    write(project, "m.py", BUGGY.replace("# BUG", "# racecheck: ignore[RC301]"))
    assert run(capfd, "lint").code == 0
    outcome = run(capfd, "lint", "--require-reason", "--output-format", "concise")
    assert [line.split()[1] for line in outcome.out.splitlines()] == ["RC905"]


def test_an_unknown_rule_says_who_named_it(project, capfd):
    write(project, "m.py")
    outcome = run(capfd, "lint", "--select", "useless-wit-lock")
    assert outcome.code == 2
    assert outcome.err == (
        "racecheck: error: unknown rule `useless-wit-lock` in --select\n"
        "  did you mean `useless-with-lock`?\n"
        "  `racecheck explain --list` shows all rules\n"
    )
    (project / "racecheck.toml").write_text('\nselect = ["RC999"]\n')
    assert "unknown rule `RC999` in racecheck.toml:2" in run(capfd, "lint").err


def test_suppressed_findings_are_counted_and_not_shown(project, capfd):
    write(project, "m.py", BUGGY.replace("# BUG", "# racecheck: ignore[RC301] -- one thread"))
    outcome = run(capfd, "lint", "-v")
    assert (outcome.code, outcome.out) == (0, "")
    assert "1 finding suppressed" in outcome.err
    data = json.loads(run(capfd, "lint", "--output-format", "sarif").out)
    (result,) = data["runs"][0]["results"]
    assert "one thread" in result["suppressions"][0]["justification"]


def test_the_rest_of_the_project_is_read_but_not_reported(project, capfd):
    write(project, "pkg/a.py")
    write(project, "pkg/b.py")
    outcome = run(capfd, "lint", "--project", ".", "pkg/b.py", "--output-format", "concise")
    assert [line.split(":")[0] for line in outcome.out.splitlines()] == ["pkg/b.py"]
    assert "in 1 file " in outcome.err


def test_a_finding_counts_when_any_side_is_in_a_named_file():
    here, there = Place("a.py", 1), Place("b.py", 2)
    finding = Finding(
        "RC301", "n", "s", "m", here, Confidence.LIKELY, Severity.ERROR, (Step("x", there),)
    )
    assert pipeline.concerns(finding, {"b.py"})
    assert not pipeline.concerns(finding, {"c.py"})


def test_an_unreadable_file_is_an_error(project, capfd):
    write(project, "m.py")
    path = write(project, "secret.py")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user can read everything")
    outcome = run(capfd, "lint")
    assert outcome.code == 2
    assert "secret.py" in outcome.err
    assert "m.py" in outcome.out


def test_a_name_that_is_not_utf8(project, capfd):
    name = os.fsdecode(b"bad\xff.py")
    try:
        write(project, name)
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such name")
    for form in ("full", "concise", "json", "sarif", "github", "junit", "html"):
        assert run(capfd, "lint", "--output-format", form).code == 1


def test_lint_leaves_no_thread_behind(project, capfd):
    write(project, "m.py")
    run(capfd, "lint")
    assert threading.active_count() == 1


def test_problems_become_exit_codes():
    from racecheck.report.result import Result

    assert Result(errors=(Problem("missing-path", "x"),)).exit_code == 2
    assert Result(errors=(Problem("missing-path", "x"), Problem("internal", "y"))).exit_code == 3


def test_clean_removes_the_cache_and_nothing_else(project, capfd):
    write(project, "m.py")
    run(capfd, "lint")
    assert (project / ".racecheck_cache").is_dir()
    outcome = run(capfd, "clean")
    assert outcome.code == 0
    assert outcome.err.startswith("removed .racecheck_cache: ")
    assert not (project / ".racecheck_cache").exists()
    assert "nothing to remove" in run(capfd, "clean").err
    outcome = run(capfd, "clean", "--cache-dir", ".")
    assert outcome.code == 2
    assert (project / "m.py").exists()


def test_no_cache_writes_nothing(project, capfd):
    write(project, "m.py")
    run(capfd, "lint", "--no-cache")
    assert not (project / ".racecheck_cache").exists()
