"""Definition and hover lead into installed packages, in the workspace and outside of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command_line import Run


@pytest.fixture(autouse=True)
def packages(workspace: Path, tmp_path: Path) -> None:
    """A package in ``node_modules``, one in an environment beside the workspace, and files that use them."""
    for place, text in {
        workspace / "node_modules/plain/package.json": '{"name": "plain", "main": "lib.js"}',
        workspace / "node_modules/plain/lib.js": "/** Runs. */\nexports.run = function () {};\n",
        workspace / "app.js": 'const { run } = require("plain");\nrun();\n',
        tmp_path / "env/pyvenv.cfg": "",
        tmp_path / "env/lib/python3.12/site-packages/far.py": 'def away():\n    """Goes."""\n',
        workspace / "use.py": "from far import away\n\naway()\n",
    }.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment, in use."""
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "env"))
    return tmp_path / "env"


def test_a_name_leads_into_node_modules(run: Run):
    document = run("definition", "app.js:2:1", "--format", "json").json
    assert [(one["path"], one["name"]) for one in document["definitions"]] == [
        ("node_modules/plain/lib.js", "run")
    ]
    assert document["definitions"][0]["range"]["start"] == {"line": 1, "character": 8}
    assert "Runs." in run("hover", "app.js:2:1").out


def test_a_module_string_leads_to_the_package(run: Run):
    document = run("definition", "app.js:1:26", "--format", "json").json
    assert [one["path"] for one in document["definitions"]] == ["node_modules/plain/lib.js"]


@pytest.mark.skipif("sys.platform == 'win32'", reason="the folders are those of POSIX")
def test_a_place_outside_of_the_workspace_is_absolute(run: Run, environment: Path):
    path = (environment / "lib/python3.12/site-packages/far.py").as_posix()
    found = run("definition", "use.py:3:1")
    assert found.lines[0].endswith(f"{path}:1:5")
    assert "def away():" in found.lines[1]
    document = run("definition", "use.py:3:1", "--format", "json").json
    assert [one["path"] for one in document["definitions"]] == [path]
    assert run("hover", "use.py:3:1", "--format", "json").json["hovers"][0]["documentation"] == "Goes."


@pytest.mark.skipif("sys.platform == 'win32'", reason="the folders are those of POSIX")
def test_the_setting_keeps_the_answer_in_the_workspace(run: Run, environment: Path):
    document = run("definition", "use.py:3:1", "--format", "json", "--set", "dependencies.enabled=false").json
    assert not [one for one in document["definitions"] if "site-packages" in one["path"]]


def test_packages_stay_out_of_the_index(run: Run):
    assert run("definition", "app.js:2:1").code == 0
    listed = run("symbols", "run")
    assert (listed.code, listed.lines) == (1, []), "the name is only imported, and imports are no symbols"
