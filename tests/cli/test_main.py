"""The entry point: finding the command, exit codes, and what goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.command_line import Run

from magellan_lsp import __version__
from magellan_lsp.cli import main as entry
from magellan_lsp.cli.commands import COMMANDS
from magellan_lsp.cli.main import main, split_command


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "magellan_lsp", *words]


@pytest.mark.parametrize(
    ("words", "name", "rest"),
    [
        ([], "", []),
        (["index", "--quiet"], "index", ["--quiet"]),
        (["--root", "index", "status"], "status", ["--root", "index"]),
        (["--log-level=debug", "hover", "x"], "hover", ["--log-level=debug", "x"]),
        (["--stdio"], "", ["--stdio"]),
    ],
)
def test_the_command_is_found_among_options(words: list[str], name: str, rest: list[str]):
    assert split_command(words) == (name, rest)


def test_version(run: Run):
    assert run("--version").out == f"magellan-lsp {__version__}\n"
    assert run("-V").code == 0


def test_version_imports_next_to_nothing():
    code = (
        "import sys; from magellan_lsp.cli.main import main; main(['--version']); "
        "print([m for m in ('argparse','attrs','rich','pygls','lmdb','asyncio') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[1] == "[]"


def test_questions_load_no_server_and_serving_no_rich(workspace: Path):
    code = (
        "import sys; from magellan_lsp.cli.main import main; main(['callers', 'price']); "
        "print([m for m in ('rich','pygls','lsprotocol','asyncio') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=workspace
    )
    assert ran.stdout.splitlines()[-1] == "[]"


def test_help_lists_every_command(run: Run):
    for words in (("--help",), ("help",)):
        found = run(*words)
        assert found.code == 0
        assert all(f"  {name} " in found.out for name in COMMANDS)
    assert "--depth" in run("help", "callers").out


@pytest.mark.parametrize(
    "words", [["callerz", "x"], ["callers"], ["callers", "x", "--what"], ["--tcp", "nowhere"]]
)
def test_misuse_is_exit_code_two_and_says_how(run: Run, words: list[str]):
    found = run(*words)
    assert found.code == 2
    assert found.err
    assert "Traceback" not in found.err


def test_a_mistyped_command_is_guessed(run: Run):
    assert "did you mean 'callers'" in run("callerz").err


def test_a_root_that_is_no_folder(run: Run, workspace: Path):
    assert run("status", "--root", "main.py").code == 2
    assert run("index", "nowhere").code == 2
    assert run("index", ".", "--root", "shop").code == 2


def test_a_setting_that_cannot_be_is_told_and_ignored(run: Run, workspace: Path):
    found = run("index", "--set", "maxFileSize=lots")
    assert found.code == 0
    assert "maxFileSize" in found.err


def test_an_unexpected_error_is_one_line_and_the_details_are_kept(
    run: Run, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(given: list[str]) -> int:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(entry, "_run", broken)
    found = run("status")
    assert found.code == 3
    assert len(found.err.splitlines()) == 1
    kept = tmp_path / "state" / "magellan-lsp" / "errors.log"
    assert str(kept) in found.err
    assert "RuntimeError" in kept.read_text()
    assert json.loads(run("status", "--format", "json").err)["error"] == "Unexpected"
    monkeypatch.setenv("MAGELLAN_DEBUG", "1")
    assert "Traceback" in run("status").err


def test_errors_for_scripts_carry_their_fields(run: Run, workspace: Path):
    error = json.loads(run("status", "--format", "json").err)
    assert error["error"] == "IndexMissing"
    assert error["path"] == str(workspace / ".magellan")


def test_ctrl_c_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def interrupted(given: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(entry, "_run", interrupted)
    assert main(["status"]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_broken_pipe_is_quiet(workspace: Path):
    subprocess.run(command("index", "--quiet"), cwd=workspace, check=True)
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        command("dump"), cwd=workspace, stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (141, "")


def test_the_log_goes_to_the_chosen_file(run: Run, workspace: Path):
    assert run("index", "--log-file", "log.txt", "--log-level", "debug").code == 0
    assert (workspace / "log.txt").exists()
    assert run("index", "--log-file", "no/such/folder/log.txt").code == 2


def test_output_that_the_terminal_cannot_encode_is_escaped(workspace: Path):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(
        command("symbols", "größe"), cwd=workspace, env=environment, capture_output=True, check=False
    )
    assert ran.returncode == 0
    assert b"gr\\xf6\\xdfe" in ran.stdout
