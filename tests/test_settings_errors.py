"""Settings that are wrong: one line that says what, where, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from racecheck.core.errors import ExitCode, SettingsError
from racecheck.settings import Loaded, load


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(
    project: Path,
    pyproject: str | None = None,
    own: str | None = None,
    flags: dict[str, Any] | None = None,
    environment: dict[str, str] | None = None,
    **more: Any,
) -> Loaded:
    if pyproject is not None:
        (project / "pyproject.toml").write_text(pyproject)
    if own is not None:
        (project / "racecheck.toml").write_text(own)
    return load(project, flags, environment=environment or {}, **more)


def fails(project: Path, *args: Any, **more: Any) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read(project, *args, **more)
    assert caught.value.exit_code is ExitCode.BAD_USE
    assert "\n" not in caught.value.message
    return caught.value


def test_unknown_key_names_line_and_nearest(project: Path) -> None:
    text = '[project]\nname = "x"\n[tool.racecheck]\njobs = 1\nselct = ["RC1"]\n'
    error = fails(project, text)
    assert error.message == (
        "unknown setting `selct` in pyproject.toml:5, section [tool.racecheck]"
    )
    assert error.hint == "did you mean `select`?"
    own = fails(project, own="# first\nfail_on = 'likely'\n")
    assert own.message == "unknown setting `fail_on` in racecheck.toml:2"
    assert own.hint == "did you mean `fail-on`?"
    assert fails(project, own="zzz = 1").hint == "`racecheck config` lists all settings"


def test_unknown_key_of_a_suppression(project: Path) -> None:
    text = '[[tool.racecheck.suppress]]\ncode = "RC1"\n\n[[tool.racecheck.suppress]]\nreson = "x"\n'
    error = fails(project, text)
    assert error.message == (
        "unknown setting `reson` in pyproject.toml:5, section [[tool.racecheck.suppress]]"
    )
    assert error.hint == "did you mean `reason`?"
    assert "section [[suppress]]" in fails(project, own='[[suppress]]\ncod = "x"\n').message


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            'select = "RC1"',
            "`select` in racecheck.toml:1 must be a list, not a string",
            'write ["RC1"]',
        ),
        (
            "select = [1]",
            "`select` in racecheck.toml:1, item 1 must be a string, not a whole number",
            "",
        ),
        (
            'jobs = "3"',
            "`jobs` in racecheck.toml:1 must be a whole number, not a string",
            "write 3, without quotes",
        ),
        ("jobs = -1", "`jobs` in racecheck.toml:1 must be at least 0", ""),
        ("jobs = 1000", "`jobs` in racecheck.toml:1 must be at most 256", ""),
        ("jobs = true", "`jobs` in racecheck.toml:1 must be a whole number, not true or false", ""),
        (
            'strict = "yes"',
            "`strict` in racecheck.toml:1 must be true or false, not a string",
            "write true or false, without quotes",
        ),
        (
            'fail-on = "likly"',
            "`fail-on` in racecheck.toml:1 must be one of possible, likely, "
            "observed, confirmed, not `likly`",
            "did you mean `likely`?",
        ),
        (
            "target-version = 3.13",
            "`target-version` in racecheck.toml:1 must be a string, not a number",
            'write "3.13"',
        ),
        (
            'target-version = "py313"',
            "`target-version` in racecheck.toml:1 is no Python version: 'py313'",
            'write "3.12"',
        ),
        (
            "target-version = '2.7'",
            "`target-version` in racecheck.toml:1 is no Python version: '2.7'",
            'write "3.12"',
        ),
        (
            '[per-file-ignores]\n"a" = "RC1"',
            "`per-file-ignores` in racecheck.toml:1 must be a list, not a string",
            "",
        ),
        (
            "per-file-ignores = []",
            "`per-file-ignores` in racecheck.toml:1 must be a table, not a list",
            "",
        ),
        ("suppress = 3", "`suppress` in racecheck.toml:1 must be a list, not a whole number", ""),
        (
            "suppress = [3]",
            "`suppress` in racecheck.toml:1, item 1 must be a table, not a whole number",
            "",
        ),
        ('[[suppress]]\nreason = "x"', "`suppress` in racecheck.toml:1, item 1 lacks `code`", ""),
        (
            '[[suppress]]\ncode = "RC1"\nuntil = "soon"',
            "`suppress` in racecheck.toml:1, item 1, `until` must be a date",
            "write 2027-01-31",
        ),
        (
            '[[suppress]]\ncode = "RC1"\nuntil = 2027-01-01T00:00:00',
            "`suppress` in racecheck.toml:1, item 1, `until` must be a date, "
            "not a date with a time",
            "",
        ),
    ],
)
def test_wrong_values_give_one_clear_line(
    project: Path, text: str, message: str, hint: str
) -> None:
    error = fails(project, own=text)
    assert (error.message, error.hint) == (message, hint)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"config": ["selct=1"]}, "unknown setting `selct` in --config"),
        ({"config": ["jobs=many"]}, "`jobs` in --config must be a whole number, not a string"),
        ({"config": ["pytest=1"]}, "unknown setting `pytest` in --config"),
        (
            {"config": ["per-file-ignores=x"]},
            "`per-file-ignores` in --config must be a table, not a string",
        ),
        ({"config": ["nofile.toml"]}, "settings file `nofile.toml` in --config does not exist"),
        ({"config": ["a.toml", "b.toml"]}, "two settings files in --config"),
        ({"flags": {"jbs": 1}}, "unknown setting `jbs` in --jbs"),
        ({"flags": {"jobs": "1"}}, "`jobs` in --jobs must be a whole number, not a string"),
        (
            {"environment": {"RACECHECK_JOBS": "two"}},
            "`jobs` in RACECHECK_JOBS must be a whole number, not a string",
        ),
        (
            {"environment": {"RACECHECK_STRICT": "maybe"}},
            "`strict` in RACECHECK_STRICT must be true or false, not a string",
        ),
    ],
)
def test_wrong_flags_and_variables(project: Path, arguments: dict[str, Any], message: str) -> None:
    assert fails(project, **arguments).message == message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"jobs = 1\nselect = [\n", "racecheck.toml:2 is not valid TOML: "),
        (b"jobs = 1\njobs = 2\n", "racecheck.toml:2 is not valid TOML: cannot overwrite a value"),
        (b"jobs 1\n", "racecheck.toml:1 is not valid TOML: expected '=' after a key"),
        (b"jobs = 1\nselect = ['\xff']\n", "racecheck.toml:2 is not UTF-8"),
    ],
)
def test_broken_file(project: Path, data: bytes, message: str) -> None:
    (project / "racecheck.toml").write_bytes(data)
    assert fails(project).message.startswith(message)


def test_deep_nesting_is_an_error_not_a_crash(project: Path) -> None:
    assert "racecheck.toml" in fails(project, own="select = " + "[" * 100_000).message


def test_a_broken_pyproject_matters_only_if_it_speaks_to_us(project: Path) -> None:
    assert read(project, "[project\n").settings.jobs == 0
    assert fails(project, "[tool.racecheck\n").message.startswith("pyproject.toml:1 is not valid")


def test_a_section_that_is_no_table(project: Path) -> None:
    error = fails(project, "[tool]\nracecheck = 1\n")
    assert error.message == "`racecheck` in pyproject.toml:2 must be a table: [tool.racecheck]"


def test_an_unreadable_file_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (project / "racecheck.toml").write_text("")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert fails(project).message == "racecheck.toml cannot be read: Permission denied"
