"""``index``, ``status``, ``dump`` and ``doctor``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from support.command_line import FILES, Run

from magellan_lsp.cli.workspace import around


def test_index_sums_up(run: Run, workspace: Path):
    found = run("index")
    assert found.code == 0
    assert found.lines[0].startswith(f"3 files indexed in {workspace}, ")
    assert found.lines[1:3] == ["  3 new or changed · 0 unchanged · 0 removed", "  python 3"]
    (workspace / "main.py").write_text("x = 1\n")
    (workspace / "shop" / "cart.py").unlink()
    assert run("index").lines[1] == "  1 new or changed · 1 unchanged · 1 removed"


def test_index_for_scripts(run: Run, workspace: Path):
    document = run("index", "--format", "json", str(workspace)).json
    assert document["root"] == str(workspace)
    assert (document["files"], document["indexed"], document["complete"]) == (3, 3, True)
    assert document["languages"] == {"python": 3}
    assert set(document["seconds"]) == {"scan", "extract", "link"}


def test_quiet_is_quiet(run: Run, workspace: Path):
    assert run("index", "--quiet")[1:] == ("", "")


def test_files_that_cannot_be_indexed_are_named(run: Run, workspace: Path):
    (workspace / "big.py").write_text("x = 1\n" * 1000)
    found = run("index", "--set", "maxFileSize=2000")
    assert found.code == 0
    assert "big.py" in found.err


def test_status_names_what_is_left_out(run: Run, workspace: Path):
    (workspace / "big.py").write_text("x = 1\n" * 1000)
    (workspace / "binary.py").write_bytes(b"x = 1\n\0")
    more = ("--set", "maxFileSize=2000")
    run("index", *more)
    problems = run("status", *more, "--format", "json").json["problems"]
    assert problems == [
        {"path": "big.py", "reason": "6,000 bytes long, and magellan.maxFileSize is 2,000"},
        {"path": "binary.py", "reason": "binary"},
    ]
    assert any(line.strip().startswith("big.py: 6,000 bytes") for line in run("status", *more).lines)


def test_links_are_followed_unless_a_setting_says_not(run: Run, workspace: Path):
    (workspace / ".gitignore").write_text("kept/\n")
    (workspace / "kept").mkdir()
    (workspace / "kept/hidden.py").write_text("def behind_a_link(): pass\n")
    (workspace / "link").symlink_to("kept")
    run("index")
    assert "link/hidden.py" in run("symbols", "behind_a_link").out
    assert run("symbols", "behind_a_link", "--set", "followSymlinks=false").code == 1
    assert "link/hidden.py" in run("symbols", "behind_a_link").out


def test_a_language_that_is_off_is_not_indexed(run: Run, workspace: Path):
    (workspace / "a.go").write_text("package a\n\nfunc Gopher() {}\n")
    assert run("symbols", "Gopher").code == 0
    assert run("symbols", "Gopher", "--set", "languages.go.enabled=false").code == 1
    assert run("symbols", "Cart", "--set", "languages.go.enabled=false").code == 0
    assert run("symbols", "Gopher").code == 0


def test_an_index_elsewhere(run: Run, workspace: Path, tmp_path: Path):
    assert run("index", "--index", str(tmp_path / "elsewhere")).code == 0
    assert not (workspace / ".magellan").exists()
    assert run("status", "--index", str(tmp_path / "elsewhere")).code == 0
    assert run("status").code == 11


def test_the_cache_folder_as_a_setting(run: Run, workspace: Path, tmp_path: Path):
    assert run("index", "--set", "index.location=cache").code == 0
    assert not (workspace / ".magellan").exists()
    assert any((tmp_path / "cache").rglob("data.mdb"))


def test_a_foreign_folder_is_not_touched(run: Run, workspace: Path):
    (workspace / ".magellan").write_text("mine")
    found = run("index")
    assert found.code == 15
    assert (workspace / ".magellan").read_text() == "mine"


def test_the_root_is_the_nearest_repository_else_project(tmp_path: Path):
    deep = tmp_path / "repo" / "packages" / "one" / "src"
    deep.mkdir(parents=True)
    (tmp_path / "repo" / "packages" / "one" / "package.json").write_text("{}")
    assert around(deep) == deep.parent
    (tmp_path / "repo" / ".git").mkdir()
    assert around(deep) == tmp_path / "repo"
    (deep / ".magellan").mkdir()
    assert around(deep) == deep


def test_status(run: Run, workspace: Path):
    assert run("status").code == 11
    run("index")
    document = run("status", "--format", "json").json
    assert (document["files"], document["languages"], document["unlinked"]) == (3, {"python": 3}, 0)
    assert document["problems"] == []
    assert any("3 files" in line for line in run("status").lines)


def test_equal_workspaces_give_equal_dumps(run: Run, workspace: Path, tmp_path: Path):
    first = run("dump")
    assert first.code == 0
    records = [json.loads(line) for line in first.lines]
    assert {record["path"] for record in records if record["record"] == "file"} == set(FILES)
    (workspace / "main.py").rename(workspace / "other.py")
    assert run("dump").out != first.out
    (workspace / "other.py").rename(workspace / "main.py")
    assert run("dump").out == first.out
    assert run("dump", "--index", str(tmp_path / "fresh")).out == first.out


def test_doctor_of_a_healthy_workspace(run: Run, workspace: Path):
    before = run("doctor", "--format", "json")
    assert before.code == 0
    assert not (workspace / ".magellan").exists()
    run("index")
    document = run("doctor", "--format", "json", "--seed", "1").json
    assert document["healthy"] is True
    states = {check["name"]: check["state"] for check in document["checks"]}
    assert states["grammars"] == states["contents"] == states["freshness"] == "ok"
    (workspace / "main.py").write_text("x = 2\n")
    states = {c["name"]: c["state"] for c in run("doctor", "--format", "json").json["checks"]}
    assert states["freshness"] == "note"


def test_doctor_finds_a_damaged_index(run: Run, workspace: Path):
    run("index")
    data = next((workspace / ".magellan").rglob("data.mdb"))
    data.write_bytes(b"\0" * data.stat().st_size)
    found = run("doctor")
    assert found.code == 3
    assert any("wrong" in line for line in found.lines)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a child there")
def test_ctrl_c_leaves_an_index_that_the_next_run_completes(workspace: Path):
    for number in range(400):
        (workspace / f"m{number}.py").write_text(f"def f{number}():\n    return f{number}()\n" * 40)
    command = [sys.executable, "-m", "magellan_lsp", "index", "--quiet", "--set", "workers=1"]
    process = subprocess.Popen(command, cwd=workspace, stderr=subprocess.PIPE, start_new_session=True)
    while not psutil.Process(process.pid).children():  # the worker begins, in the midst of things
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert b"Traceback" not in err
    assert process.returncode in (0, 130)
    done = subprocess.run([*command, "--format", "json"], cwd=workspace, capture_output=True, check=True)
    assert json.loads(done.stdout)["files"] == 403
    fresh = workspace.parent / "fresh"
    dumps = [
        subprocess.run([*command[:3], "dump", *more], cwd=workspace, capture_output=True, check=True).stdout
        for more in ([], ["--index", str(fresh)])
    ]
    assert dumps[0] == dumps[1]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a child there")
def test_watch_takes_changes_in(workspace: Path):
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "magellan_lsp", "watch"],
        cwd=workspace,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("watching"):
            (workspace / "new.py").write_text("from shop.cart import price\nprice(1)\n")
        elif len(lines) == 3:
            process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert "1 file indexed" in lines[2]
