"""README.md: the settings table is the schema, and the commands are the ones that .ci/run calls."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from racecheck import lint
from racecheck.core.errors import ExitCode
from racecheck.settings.schema import Info, fields

ROOT = Path(__file__).parents[2]
TABLE = re.compile(r"(?<=<!-- settings -->\n).*?(?=<!-- /settings -->)", re.DOTALL)
LINK = re.compile(r"\]\((?!http|#)([^)#]+)\)")


def default(key: str, field: Info) -> str:
    if key == "exclude":
        return "`.git`, `.venv`, ..."
    return f"`{msgspec.json.encode(field.default).decode()}`"


def table() -> str:
    rows = [
        f"| `{key}` | {default(key, field)} | {field.type.__metadata__[0].description} |"
        for key, field in fields().items()
    ]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows, ""])


def test_the_settings_table_is_the_schema(request: pytest.FixtureRequest) -> None:
    path = ROOT / "README.md"
    text = path.read_text("utf-8")
    if request.config.getoption("--update-snapshots"):
        text = TABLE.sub(lambda _: table(), text)
        path.write_text(text, "utf-8")
    shown = TABLE.search(text)
    assert shown is not None
    assert shown[0] == table(), "pytest tests/meta/test_readme.py --update-snapshots"


def test_every_exit_code_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for code in ExitCode:
        assert f"| {code.value} |" in text


def test_ci_calls_the_second_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = re.findall(r"^python3 -m venv .*$", readme, re.MULTILINE)
    assert len(commands) == 2
    assert commands[0].endswith("racecheck lint examples")
    assert f'bash -c "{commands[1]}"' in (ROOT / ".ci" / "run").read_text("utf-8")


def block(language: str, beginning: str) -> str:
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (found,) = (one for one in blocks if one.startswith(beginning))
    return str(found)


def test_the_model_of_the_readme_works(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "jobs.toml").write_text(block("toml", "# tools/models/jobs.toml"), "utf-8")
    code = """
import jobs


class Tally:
    def __init__(self):
        self.total = 0

    def start(self, amounts):
        for amount in amounts:
            jobs.enqueue(self.add)

    def add(self):
        self.total = self.rounded(self.total + 1)

    def rounded(self, amount):
        return amount - amount % 5


mutex = jobs.Mutex()


def finish():
    with mutex:
        jobs.wait_for_all()


def count():
    with mutex:
        return len(Tally.__dict__)
"""
    source = tmp_path / "tally.py"
    source.write_text("import threading\n" + code, "utf-8")
    without = {one.code for one in lint([source], isolated=True, cache=False).findings}
    known = lint([source], isolated=True, cache=False, models=[str(models)]).findings
    assert without == set()
    assert {one.code for one in known} == {"RC106", "RC311"}


def test_the_suppression_of_the_readme_works(tmp_path: Path) -> None:
    line = block("python", "self.hits").strip()
    code = f"""
from threading import Thread


class Page:
    def __init__(self):
        self.hits = 0
        for _ in range(4):
            Thread(target=self.show).start()

    def show(self):
        {line}
        print(self.hits)
"""
    source = tmp_path / "page.py"
    source.write_text(code.replace("self.hits += 1", "self.hits = max(self.hits, id(self))"))
    result = lint([source], isolated=True, cache=False)
    assert [one.code for one in result.findings] == []
    source.write_text(source.read_text().replace("# racecheck:", "#"))
    assert [one.code for one in lint([source], isolated=True, cache=False).findings] == ["RC106"]


def test_the_call_from_python_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = block("python", "from racecheck import lint").replace(
        '["src"]', repr([str(ROOT / "examples" / "bank")])
    )
    exec(compile(code, "README.md", "exec"), {})
    assert "RC214" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["README.md", "examples/bank/README.md", "docs/architecture.md"])
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    for target in LINK.findall(path.read_text("utf-8")):
        assert (path.parent / target).exists(), target
