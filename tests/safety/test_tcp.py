"""TCP listens on this machine unless told otherwise, and says what it means when it does not."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def said(address: str) -> list[str]:
    """The lines that a server says about where it listens."""
    with subprocess.Popen(
        [sys.executable, "-m", "magellan_lsp", "--tcp", address], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        lines = []
        while not lines or not lines[-1].startswith("listening"):
            lines.append(process.stderr.readline())
            assert lines[-1], lines
        process.terminate()
        return lines


@pytest.mark.parametrize("address", ["0", ":0", "127.0.0.1:0"])
def test_it_listens_on_this_machine_only(address):
    (line,) = said(address)
    assert line.startswith("listening on 127.0.0.1:")


def test_it_says_so_when_it_does_not():
    warning, line = said("0.0.0.0:0")
    assert "not only this machine" in warning
    assert line.startswith("listening on 0.0.0.0:")
