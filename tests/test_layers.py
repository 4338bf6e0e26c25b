"""The import contracts of pyproject.toml hold. ``nox -s layers`` prints the same in full."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def lint_imports(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    program = Path(sysconfig.get_path("scripts")) / "lint-imports"
    command = [str(program), "--config", str(ROOT / "pyproject.toml"), "--no-cache", *options]
    environment = {"PYTHONPATH": str(folder), "PATH": sys.exec_prefix, "PYTHONUTF8": "1", "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_package_keeps_its_import_contracts():
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("text", "import magellan_lsp.query", "imports point downward"),
        ("query", "import lsprotocol.types", "LSP types stay in session and above"),
        ("indexer", "import pygls.server", "LSP types stay in session and above"),
        ("query", "import lmdb", "lmdb has one home"),
        ("features", "import sqlite3", "sqlite3 has two homes"),
        ("resolve", "import tree_sitter", "tree-sitter stays in extract and languages"),
        ("server", "import rich.console", "serving does not load"),
        ("misc", "import json", "imports point downward"),
    ],
)
def test_a_contract_is_broken_by_the_import_it_forbids(tmp_path: Path, module: str, line: str, contract: str):
    package = tmp_path / "magellan_lsp"
    package.mkdir()
    for name in ("__init__", "errors", "query", module):
        (package / f"{name}.py").write_text("")
    (package / f"{module}.py").write_text(line + "\n")
    run = lint_imports(tmp_path)
    assert run.returncode != 0, run.stdout + run.stderr
    assert contract in run.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("store/lmdb", "import lmdb"),
        ("store/sqlite", "import sqlite3"),
        ("migrate/from_sqlite", "import sqlite3"),
        ("extract/parse", "import tree_sitter"),
        ("languages/registry", "import tree_sitter_language_pack"),
        ("features/hover", "from lsprotocol import types"),
        ("session", "import pygls.workspace"),
        ("cli/main", "from rich import print"),
    ],
)
def test_a_home_may_import_what_lives_there(tmp_path: Path, module: str, line: str):
    path = tmp_path / "magellan_lsp" / f"{module}.py"
    path.parent.mkdir(parents=True)
    for folder in {path.parent, tmp_path / "magellan_lsp"}:
        (folder / "__init__.py").write_text("")
    (tmp_path / "magellan_lsp" / "errors.py").write_text("")
    path.write_text(line + "\n")
    run = lint_imports(tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr


def test_extraction_loads_no_linking_and_no_store():
    code = (
        "import sys\n"
        "from magellan_lsp.extract.engine import extract\n"
        "from magellan_lsp.languages.registry import get_language, names\n"
        "for name in names():\n"
        "    extract('a', get_language(name), b'x')\n"
        "above = ('magellan_lsp.resolve', 'magellan_lsp.store', 'lmdb', 'sqlite3')\n"
        "print(sorted(module for module in sys.modules if module.startswith(above)))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.strip() == "[]"
