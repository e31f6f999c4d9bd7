"""README.md: the settings table is the schema, and the commands are the ones that .ci/run calls."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from racecheck.core.errors import ExitCode
from racecheck.settings.schema import fields

ROOT = Path(__file__).parents[2]
TABLE = re.compile(r"(?<=<!-- settings -->\n).*?(?=<!-- /settings -->)", re.DOTALL)
LINK = re.compile(r"\]\((?!http|#)([^)#]+)\)")


def default(field: msgspec.structs.FieldInfo) -> str:
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    if field.encode_name == "exclude":
        return "`.git`, `.venv`, ..."
    return f"`{msgspec.json.encode(value).decode()}`"


def table() -> str:
    rows = [
        f"| `{key}` | {default(field)} | {field.type.__metadata__[0].description} |"
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


@pytest.mark.parametrize("name", ["README.md", "examples/bank/README.md", "docs/architecture.md"])
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    for target in LINK.findall(path.read_text("utf-8")):
        assert (path.parent / target).exists(), target
