"""No code of the workspace is run: not as a module, not as a program that git starts."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120
#: What Python or we import, under names that a repository might use for its own.
MODULES = (
    *("lmdb", "msgspec", "attrs", "attr", "watchfiles", "tree_sitter", "blake3", "conftest", "setup"),
    *("sitecustomize", "usercustomize", "multiprocessing", "struct", "logging", "signal", "socket", "ctypes"),
    *("typing", "collections", "itertools", "asyncio", "json", "pathlib", "selectors", "subprocess"),
)
COMMAND = (
    "import sys\nfrom magellan_lsp.cli.main import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
)


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONSAFEPATH"}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder of modules that leave a mark when they are run."""
    root = tmp_path / "hostile"
    root.mkdir()
    mark = f"open({str(tmp_path / 'ran')!r}, 'a').write(__name__ + ' ')\nraise ImportError('run')\n"
    for name in MODULES:
        (root / f"{name}.py").write_text(mark)
    for number in range(30):  # enough for worker processes
        (root / f"many{number}.py").write_text(f"def f{number}(x):\n    return x\n" * 600)
    return root


def marks(root: Path) -> str:
    ran = root.parent / "ran"
    return ran.read_text() if ran.exists() else ""


def frame(message: dict) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def read(stream: IO[bytes]) -> dict:
    length = 0
    while (line := stream.readline()) != b"\r\n":
        assert line, "the server ended"
        if line.startswith(b"Content-Length:"):
            length = int(line.split(b":")[1])
    return json.loads(stream.read(length))


def serve(arguments: list[str], root: Path, requests: list[tuple[str, object]]) -> list[dict]:
    """The replies to requests, of a server that is started in the folder it serves."""
    start = {"processId": None, "rootUri": root.as_uri(), "capabilities": {}}
    with subprocess.Popen(
        [sys.executable, *arguments, "--set", "workers=2"],
        cwd=root,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(frame({"id": 0, "method": "initialize", "params": start}))
            process.stdin.write(frame({"method": "initialized", "params": {}}))
            replies: list[dict] = []
            for number, (method, params) in enumerate([*requests, ("shutdown", None)], 1):
                process.stdin.write(frame({"id": number, "method": method, "params": params}))
                process.stdin.flush()
                while not replies or replies[-1].get("id") != number or "method" in replies[-1]:
                    replies.append(read(process.stdout))
            process.stdin.write(frame({"method": "exit"}))
            process.stdin.close()
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()
    return [one for one in replies if one.get("id") and "method" not in one]


# `python -m` without -P imports from that folder before anything of ours could forbid it: SECURITY.md says so.
@pytest.mark.parametrize("how", ["command", "module"])
def test_modules_of_the_folder_that_the_server_is_started_in_are_not_run(hostile, tmp_path, how):
    arguments = ["-P", "-m", "magellan_lsp"]
    if how == "command":
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "magellan-lsp").write_text(COMMAND)
        arguments = [str(tmp_path / "bin" / "magellan-lsp")]
    (hostile / "magellan_lsp").mkdir()
    (hostile / "magellan_lsp" / "__init__.py").write_text((hostile / "lmdb.py").read_text())
    replies = serve(
        arguments, hostile, [("magellan/synchronize", {}), ("workspace/symbol", {"query": "f29"})]
    )
    assert marks(hostile) == ""
    assert replies[1]["result"], "the folder was not indexed"


def test_modules_of_the_folder_are_not_run_by_commands_and_their_workers(hostile, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "magellan-lsp").write_text(COMMAND)
    command = [sys.executable, str(tmp_path / "bin" / "magellan-lsp"), "index", "--set", "workers=2"]
    subprocess.run(command, cwd=hostile, env=environment(), check=True, timeout=PATIENCE_S)
    assert marks(hostile) == ""


def plain_git(root: Path, *arguments: str) -> None:
    config = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = ("-c", "user.name=n", "-c", "user.email=e@example.org")
    subprocess.run(
        ["git", *names, *arguments], cwd=root, check=True, capture_output=True, env=environment(**config)
    )


def test_no_program_that_a_repository_names_is_run(tmp_path):
    root = tmp_path / "work"
    root.mkdir()
    plain_git(root, "init", "-q")
    (root / "a.py").write_text("def f():\n    return 1\n")
    plain_git(root, "add", ".")
    plain_git(root, "commit", "-q", "-m", "first")
    trap = tmp_path / "trap"
    trap.write_text(f'#!/bin/sh\necho "$0 $@" >> "{tmp_path / "ran"}"\ncat\n')
    trap.chmod(0o700)
    for hook in ("post-index-change", "post-checkout", "fsmonitor-watchman", "pre-commit"):
        (root / ".git" / "hooks").mkdir(exist_ok=True)
        (root / ".git" / "hooks" / hook).write_bytes(trap.read_bytes())
        (root / ".git" / "hooks" / hook).chmod(0o700)
    for key in (
        *(
            "core.fsmonitor",
            "core.pager",
            "core.editor",
            "core.sshCommand",
            "diff.external",
            "diff.x.command",
        ),
        *("diff.x.textconv", "filter.x.clean", "filter.x.smudge", "filter.x.process", "gpg.program"),
        *("pager.diff", "pager.log", "credential.helper", "core.alternateRefsCommand"),
    ):
        plain_git(root, "config", key, str(trap))
    plain_git(root, "config", "log.showSignature", "true")
    attributes = "*.py diff=x filter=x\n"
    (root / ".gitattributes").write_text(attributes)
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "attributes").write_text(attributes)
    (root / "a.py").write_text("def f():\n    return 2\n")  # changed: git has to read it
    replies = serve(
        ["-P", "-m", "magellan_lsp"],
        root,
        [
            ("magellan/synchronize", {}),
            ("magellan/impact", {}),
            ("magellan/impact", {"range": "HEAD"}),
            ("magellan/hotspots", {"by": "churn"}),
        ],
    )
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()
    assert [one["name"] for one in replies[1]["result"]["changed"]] == ["f"]
