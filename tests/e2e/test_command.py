"""The command can be started the ways people start it."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from magellan_lsp import __version__

SCRIPT = Path(sysconfig.get_path("scripts")) / "magellan-lsp"


@pytest.mark.parametrize(
    "command", [[str(SCRIPT)], [sys.executable, "-m", "magellan_lsp"]], ids=["script", "module"]
)
def test_the_command_says_its_version(command: list[str], tmp_path: Path):
    run = subprocess.run(
        [*command, "--version"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == f"magellan-lsp {__version__}"
