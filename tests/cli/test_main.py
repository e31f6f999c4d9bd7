"""Commands, wrong commands, start-up, crashes: everything that needs no finding."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest

import racecheck
from racecheck.cli import crash, main, options, parser
from racecheck.core.errors import UsageError
from racecheck.report import registry
from racecheck.settings.schema import Format, fields
from tests.cli.runner import ROOT, process, run


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_help_shows_every_command(capfd):
    outcome = run(capfd, "--help")
    assert outcome.code == 0
    assert outcome.out.startswith("Find data races")
    for name in parser.command_names():
        assert f" {name} " in outcome.out.replace("\n", " ")
    shown = [line.rpartition("   ")[0] for line in outcome.out.split("Commands\n")[1].splitlines()]
    assert {word for words in shown for word in words.split()} == set(parser.command_names())


def test_nothing_typed_shows_the_help_and_fails(capfd):
    outcome = run(capfd)
    assert (outcome.code, outcome.out) == (2, "")
    assert "racecheck lint src" in outcome.err


@pytest.mark.parametrize("name", parser.command_names())
def test_the_help_of_a_command_starts_with_a_verb_and_an_example(name, capfd):
    with pytest.raises(SystemExit) as end:
        main.run([name, "--help"])
    lines = capfd.readouterr().out.splitlines()
    assert end.value.code == 0
    assert lines[0].split()[0] in {"Find", "Say", "Show", "Remove", "Print", "Run"}
    assert any(line.startswith(f"  racecheck {name}") for line in lines[:10])
    assert max(map(len, lines)) <= 88


@pytest.mark.parametrize("arguments", [["--version"], ["-V"], ["version"]])
def test_the_version(arguments, capfd):
    outcome = run(capfd, *arguments)
    assert outcome == (0, f"racecheck {racecheck.__version__}\n", "")


def test_the_version_is_that_of_the_distribution():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == racecheck.__version__


def test_the_version_needs_no_library():
    code = (
        "import sys\nfrom racecheck.cli.main import run\nrun(['--version'])\n"
        "heavy = {'msgspec', 'libcst', 'rich', 'pathspec', 'astroid', 'argparse', 'asyncio',"
        " 'tomllib', 'concurrent.futures', 'racecheck.api'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "said", "hint"),
    [
        (["lnt"], "unknown command `lnt`", "did you mean `lint`?"),
        (["--selct"], "unknown option `--selct`", "options stand after the command"),
        (["lint", "--selct", "X"], "unknown option `--selct`", "did you mean `--select`?"),
        (["lint", "--zzz=3"], "unknown option `--zzz`", "--help` lists the options"),
        (["lint", "--jobs", "many"], "--jobs/-j: invalid int value", "--help` lists"),
        (["lint", "--color", "pink"], "--color: invalid choice", "--help` lists"),
        (["lint", "--output-format", "jsn"], "`output-format` in --output-format", "`json`?"),
        (["lint", "-o", "report"], "`report` is no FORMAT:FILE", "for example"),
        (["lint", "-o", "sarf:x"], "unknown output format `sarf`", "did you mean `sarif`?"),
        (["lint", "--min-confidence", "sure"], "`min-confidence` in --min-confidence", ""),
        (["lint", "--config", "selct=X"], "unknown setting `selct` in --config", "`select`?"),
        (["lint", "-", "x.py"], "`-` stands alone", ""),
        (["lint", "no-such.py"], "no file or folder `no-such.py`", ""),
        (["explain"], "which rule?", "--list"),
        (["explain", "useless-with-lok"], "unknown rule `useless-", "`useless-with-lock`?"),
        (["config", "selct"], "unknown setting `selct`", "did you mean `select`?"),
        (["doctor", "x"], "racecheck doctor takes no argument, not `x`", ""),
    ],
)
def test_what_was_typed_wrongly(arguments, said, hint, capfd):
    outcome = run(capfd, *arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    first, *rest = outcome.err.splitlines()
    assert first.startswith("racecheck: error: ")
    assert said in first
    assert hint in "\n".join(rest)
    assert all(line.startswith("  ") for line in rest)


def test_a_wrong_settings_file_names_file_line_and_nearest_key(tmp_path, capfd):
    (tmp_path / "pyproject.toml").write_text('[tool.racecheck]\n\nselct = ["RC1"]\n')
    outcome = run(capfd, "lint")
    assert outcome.code == 2
    assert "unknown setting `selct` in pyproject.toml:3, section [tool.racecheck]" in outcome.err
    assert "did you mean `select`?" in outcome.err


def test_a_crash_is_one_line_and_a_file(tmp_path, capfd, monkeypatch):
    monkeypatch.setattr(parser, "command", lambda name: 1 / 0)
    outcome = run(capfd, "lint", "secret.py")
    assert outcome.code == 3
    first, _ = outcome.err.splitlines()
    assert first == "racecheck: internal error: ZeroDivisionError: division by zero"
    assert "Traceback" not in outcome.err
    (file,) = (tmp_path / ".racecheck_cache").glob("crash-*.md")
    assert str(file.relative_to(tmp_path)) in outcome.err
    text = file.read_text()
    assert "Traceback (most recent call last)" in text
    assert "racecheck lint secret.py" in text
    assert (tmp_path / ".racecheck_cache" / ".gitignore").read_text() == "*\n"


def test_a_crash_with_debug_shows_the_traceback(monkeypatch):
    monkeypatch.setattr(parser, "command", lambda name: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main.run(["lint", "--debug"])


def test_a_crash_where_nothing_can_be_written(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    path = crash.write("Traceback", ["lint"], blocked / "cache")
    assert path.name.startswith("crash-")
    assert path.exists()
    path.unlink()


def test_an_interrupt_is_quiet(capfd, monkeypatch):
    def interrupted(name: str) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(parser, "command", interrupted)
    assert run(capfd, "lint") == (130, "", "racecheck: interrupted\n")


def test_a_reader_that_went_away_is_no_error():
    away = "{ exec 0<&-; sleep 1; }"
    script = f'"$0" -m racecheck explain --list | {away}; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", script, sys.executable],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout == "141\n"


def test_the_exit_code_of_a_broken_pipe(capfd, monkeypatch):
    class Gone:
        def fileno(self) -> int:
            import os

            return os.open(os.devnull, os.O_WRONLY)

        def flush(self) -> None:
            raise BrokenPipeError

        def write(self, text: str) -> int:
            return len(text)

    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Gone())
        assert main.run(["--version"]) == 141


def test_a_module_run_as_a_program():
    done = process("--version")
    assert (done.returncode, done.stdout) == (0, f"racecheck {racecheck.__version__}\n".encode())


def test_every_public_name_is_there_and_lazy():
    code = "import racecheck, sys; print('racecheck.api' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
    assert racecheck.Severity("error") is racecheck.Severity.ERROR
    assert {getattr(racecheck, name) is not None for name in racecheck.__all__} == {True}
    stub = (ROOT / "racecheck" / "__init__.pyi").read_text("utf-8")
    assert [name for name in racecheck.__all__ if f"{name} as {name}" not in stub] == [
        "__version__"
    ]
    with pytest.raises(AttributeError, match="lnt"):
        racecheck.lnt  # noqa: B018


def test_options_after_two_dashes_are_paths(capfd):
    outcome = run(capfd, "lint", "--", "--select")
    assert "no file or folder `--select`" in outcome.err


def test_every_setting_has_a_flag_or_is_written_in_a_file():
    sets = options.GROUPS, options.WATCHING, options.EXPLORING
    groups = [keys for one in sets for keys in one.values()]
    grouped = {key for keys in groups for key in keys}
    assert sorted([*grouped, *options.FILE_ONLY]) == sorted(fields())


def test_every_format_is_one_that_the_setting_takes():
    assert sorted(get_args(Format)) == sorted(registry.names())


def test_usage_errors_are_of_the_right_kind():
    with pytest.raises(UsageError):
        parser.command("nope")
