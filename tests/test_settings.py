from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from racecheck.core.errors import ExitCode, SettingsError
from racecheck.settings import Loaded, Settings, Suppression, load
from racecheck.settings.files import lower_bound
from racecheck.settings.load import as_table
from racecheck.settings.positions import line_of
from racecheck.settings.schema import fields


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


def test_without_any_file_all_values_are_defaults(project: Path) -> None:
    loaded = read(project)
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert loaded.settings == Settings(target_version=running)
    assert loaded.root == project
    assert loaded.origins["fail-on"] == "default"
    assert loaded.origins["target-version"] == "the running Python"
    assert set(loaded.origins) == set(fields())


def test_pyproject_values_know_their_line(project: Path) -> None:
    text = '[project]\nname = "x"\n\n[tool.racecheck]\nselect = ["RC1"]\nfail-on = "observed"\n'
    loaded = read(project, text)
    assert loaded.settings.select == ("RC1",)
    assert loaded.settings.fail_on == "observed"
    assert loaded.origins["fail-on"] == "pyproject.toml:6"
    assert loaded.file == project / "pyproject.toml"


def test_a_later_layer_wins(project: Path) -> None:
    text = "jobs = 1\nstrict = true\nselect = ['RC1']\nignore = ['RC2']\n"
    loaded = read(
        project,
        own=text,
        environment={"RACECHECK_JOBS": "2", "RACECHECK_SELECT": "RC3, RC4"},
        flags={"select": ("RC5",), "ignore": None, "fail_on": "confirmed"},
        config=["jobs=3"],
    )
    assert loaded.settings.jobs == 3
    assert loaded.settings.select == ("RC5",)
    assert loaded.settings.ignore == ("RC2",)
    assert loaded.settings.strict is True
    assert {k: loaded.origins[k] for k in ("jobs", "select", "ignore", "strict", "fail-on")} == {
        "jobs": "--config",
        "select": "--select",
        "ignore": "racecheck.toml:4",
        "strict": "racecheck.toml:2",
        "fail-on": "--fail-on",
    }


def test_own_file_beats_pyproject_and_says_so(project: Path) -> None:
    loaded = read(project, "[tool.racecheck]\njobs = 1\nstrict = true\n", own="jobs = 2\n")
    assert loaded.settings.jobs == 2
    assert loaded.settings.strict is False
    assert loaded.notes == (
        "[tool.racecheck] in pyproject.toml is not used: racecheck.toml stands beside it",
    )


def test_settings_are_found_above_the_start(project: Path) -> None:
    (project / "src" / "pkg").mkdir(parents=True)
    (project / "src" / "pkg" / "a.py").write_text("")
    (project / "src" / "pyproject.toml").write_text('[project]\nname = "inner"\n')
    (project / "racecheck.toml").write_text("jobs = 7")
    loaded = load(project / "src" / "pkg" / "a.py", environment={})
    assert (loaded.settings.jobs, loaded.root) == (7, project)


def test_the_search_ends_at_the_repository(project: Path) -> None:
    inner = project / "vendor" / "lib"
    (inner / ".git").mkdir(parents=True)
    (project / "racecheck.toml").write_text("jobs = 7")
    loaded = load(inner, environment={})
    assert (loaded.settings.jobs, loaded.root) == (0, inner)


def test_isolated_reads_no_file_and_no_environment(project: Path) -> None:
    loaded = read(
        project,
        own="selct = 1",
        environment={"RACECHECK_JOBS": "x"},
        isolated=True,
        flags={"jobs": 4},
    )
    assert loaded.settings.jobs == 4
    assert loaded.file is None


def test_a_named_file_replaces_the_project_file(project: Path) -> None:
    (project / "ci").mkdir()
    (project / "ci" / "strict.toml").write_text('strict = true\nmodels = ["m"]\n')
    loaded = read(project, own="jobs = 3", config=["ci/strict.toml"])
    assert loaded.settings.strict is True
    assert loaded.settings.jobs == 0
    assert loaded.root == project / "ci"
    assert loaded.origins["strict"] == "ci/strict.toml:1"


@pytest.mark.parametrize(
    ("item", "key", "value"),
    [
        ("jobs=3", "jobs", 3),
        (" jobs = 3 ", "jobs", 3),
        ("strict=yes", "strict", True),
        ("strict=0", "strict", False),
        ("select=RC1,RC2", "select", ("RC1", "RC2")),
        ('select=["RC1"]', "select", ("RC1",)),
        ('select="RC1,RC2"', "select", ("RC1", "RC2")),
        ("select=", "select", ()),
        ("target-version=3.10", "target_version", "3.10"),
        ('target-version="3.13"', "target_version", "3.13"),
        ("fail-on=possible", "fail_on", "possible"),
        ('per-file-ignores={"a/*" = ["RC1"]}', "per_file_ignores", {"a/*": ("RC1",)}),
        ("baseline=a=b.json", "baseline", "a=b.json"),
        ('suppress=[{code = "RC1"}]', "suppress", (Suppression("RC1"),)),
    ],
)
def test_config_pairs(project: Path, item: str, key: str, value: object) -> None:
    assert getattr(read(project, config=[item]).settings, key) == value


@pytest.mark.parametrize(
    ("name", "text", "key", "value"),
    [
        ("RACECHECK_FREE_THREADED", "1", "free_threaded", True),
        ("RACECHECK_FREE_THREADED", "off", "free_threaded", False),
        ("RACECHECK_SELECT", "RC1,RC2", "select", ("RC1", "RC2")),
        ("RACECHECK_TARGET_VERSION", "3.13", "target_version", "3.13"),
        ("RACECHECK_MIN_CONFIDENCE", "possible", "min_confidence", "possible"),
    ],
)
def test_environment(project: Path, name: str, text: str, key: str, value: object) -> None:
    loaded = read(project, environment={name: text})
    assert getattr(loaded.settings, key) == value
    assert loaded.origins[key.replace("_", "-")] == name


def test_an_empty_variable_is_not_set(project: Path) -> None:
    loaded = read(project, own="select = ['RC1']", environment={"RACECHECK_SELECT": ""})
    assert loaded.settings.select == ("RC1",)


def test_a_misspelt_variable_is_noted_and_a_foreign_one_is_not(project: Path) -> None:
    loaded = read(project, environment={"RACECHECK_SELCT": "RC1", "RACECHECK_SEED": "3"})
    assert loaded.notes == ("RACECHECK_SELCT is no setting; did you mean RACECHECK_SELECT?",)


def test_tables_of_commands_stand_in_the_same_section(project: Path) -> None:
    text = "[tool.racecheck]\njobs = 2\n[tool.racecheck.explore]\njobs = 3\n"
    settings = read(project, text).settings
    assert (settings.jobs, settings.explore.jobs) == (2, 3)
    assert fails(project, "[tool.racecheck]\npytest = true\n").message == (
        "`pytest` in pyproject.toml:2 must be a table"
    )


def test_suppressions(project: Path) -> None:
    text = (
        '[[tool.racecheck.suppress]]\ncode = "RC101"\nsubject = "Ledger.*"\nreason = "old"\n'
        'until = 2027-01-31\n[[tool.racecheck.suppress]]\ncode = "RC2"\nuntil = "2027-02-01"\n'
    )
    assert read(project, text).settings.suppress == (
        Suppression("RC101", "Ledger.*", "old", date(2027, 1, 31)),
        Suppression("RC2", "*", "", date(2027, 2, 1)),
    )


def test_a_suppression_must_say_why_if_asked(project: Path) -> None:
    text = 'require-reason = true\n[[suppress]]\ncode = "RC101"\n'
    error = fails(project, own=text)
    assert error.message == "`suppress` in racecheck.toml:2 silences `RC101` without a reason"
    assert read(project, own=text + 'reason = "x"').settings.suppress[0].reason == "x"


def test_paths_of_flags_start_here_and_those_of_the_file_at_the_file(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "racecheck.toml").write_text('models = ["m"]\nbaseline = "b.json"')
    (project / "sub").mkdir()
    monkeypatch.chdir(project / "sub")
    loaded = load(project / "sub", {"models": ["x"]}, environment={"RACECHECK_PROJECT": ".."})
    assert loaded.settings.models == (str(project / "sub" / "x"),)
    assert loaded.settings.baseline == "b.json"
    assert Path(loaded.settings.project).resolve() == project
    assert loaded.origins["models"] == "--models"


def test_require_reason_selects_its_rule(project: Path) -> None:
    loaded = read(project, own="require-reason = true")
    assert loaded.settings.extend_select == ("RC905",)
    assert loaded.origins["extend-select"] == "require-reason in racecheck.toml:1"
    loaded = read(project, own="require-reason = true\nextend-select = ['RC3', 'RC905']")
    assert loaded.settings.extend_select == ("RC3", "RC905")
    assert loaded.origins["extend-select"] == "racecheck.toml:2"
    assert read(project, own="require-reason = false").settings.extend_select == ()


@pytest.mark.parametrize(
    ("requires", "version"),
    [(">=3.12", "3.12"), (">=3.10,<4", "3.10"), ("~=3.12.1", "3.12"), ("==3.13.*", "3.13")],
)
def test_target_version_comes_from_requires_python(
    project: Path, requires: str, version: str
) -> None:
    loaded = read(project, f'[project]\nrequires-python = "{requires}"\n')
    assert loaded.settings.target_version == version
    assert loaded.settings.target == tuple(map(int, version.split(".")))
    assert loaded.origins["target-version"] == "requires-python in pyproject.toml"
    explicit = read(project, own='target-version = "3.14"').settings
    assert explicit.target == (3, 14)


def test_requires_python_without_lower_bound_falls_back(project: Path) -> None:
    assert lower_bound("<4") == ""
    loaded = read(project, '[project]\nrequires-python = "<4"\n')
    assert loaded.origins["target-version"] == "the running Python"


def test_a_byte_order_mark_and_windows_lines_are_fine(project: Path) -> None:
    (project / "racecheck.toml").write_bytes(b"\xef\xbb\xbf\r\njobs = 3\r\n")
    loaded = read(project)
    assert (loaded.settings.jobs, loaded.origins["jobs"]) == (3, "racecheck.toml:2")


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ("a = 1\nb = 2", ("b",), 2),
        ("[t]\na = 1\n[u]\na = 2", ("u", "a"), 4),
        ("[t]\na.b.c = 1", ("t", "a", "b", "c"), 2),
        ("t = { a = 1 }", ("t", "a"), 1),
        ('[t]\n"x/*" = []', ("t", "x/*"), 2),
        ('[t."a.b"]\nc = 1', ("t", "a.b", "c"), 2),
        ('s = """\n[t]\na = 1\n"""\n[t]\na = 2', ("t", "a"), 6),
        ("s = [\n  # a = 1 ]\n  'b = 2',\n]\nb = 3", ("b",), 5),
        ("s = [\n  ['b'],\n  [1]\n]\nb = 3", ("b",), 5),
        ("[[t]]\na = 1\n[[t]]\na = 2", ("t", 1, "a"), 4),
        ("[[t]]\n[t.u]\na = 1\n[[t]]\n[t.u]\na = 2", ("t", 1, "u", "a"), 6),
        ("  [ t . u ] # comment\n  a = 1", ("t", "u", "a"), 2),
        ("a = 'x # y'\nb = 1", ("b",), 2),
        ("a = 1", ("b",), 0),
    ],
)
def test_line_of(text: str, keys: tuple[str | int, ...], line: int) -> None:
    assert line_of(text, keys) == line


def test_every_setting_has_a_text_and_survives_a_round_trip(project: Path) -> None:
    for key, info in fields().items():
        (meta,) = info.type.__metadata__
        assert meta.description, key
    loaded = read(project, own="jobs = 2\nper-file-ignores = { 'a' = ['RC1'] }")
    table = as_table(loaded)
    assert set(table) == set(fields())
    assert table["per-file-ignores"] == {"a": ("RC1",)}


def test_bounds_of_an_exploration(project: Path) -> None:
    explore = read(project, own='[explore]\ntime = "2m"\nrun-time = "off"\nbound = 2\n').settings
    assert explore.explore.seconds == 120.0
    assert explore.explore.run_seconds == float("inf")
    assert explore.explore.bound == 2


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ('time = "soon"', "`explore.time` in racecheck.toml:2 is no duration", '"10s"'),
        ("schedules = 0", "`explore.schedules` in racecheck.toml:2 must be at least 1", ""),
        ('strategy = "pst"', "`explore.strategy` in racecheck.toml:2 must be one of", "`pos`?"),
        ('cluster = "here"', "`explore.cluster` in racecheck.toml:2 is no address", "HOST:PORT"),
        ("shedules = 3", "unknown setting `shedules`", "did you mean `schedules`?"),
    ],
)
def test_wrong_bounds_of_an_exploration(project: Path, text: str, said: str, hint: str) -> None:
    error = fails(project, own=f"[explore]\n{text}\n")
    assert said in error.message
    assert hint in error.hint
