"""The short form of the long runs: each does its thing a few times. ``nox -s soak`` does them for long."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from soak import crashes, edits, fuzz, history, messages
from soak.client import Gone, Server

pytestmark = pytest.mark.e2e
SEED = 7


@pytest.mark.parametrize("backend", ["lmdb", "sqlite"])
async def test_edits_through_the_server_leave_a_fresh_index(backend: str):
    assert await edits.run(60, SEED, backend, 8, say=False) == 60


async def test_checkouts_leave_a_fresh_index(tmp_path: Path):
    repository = tmp_path / "repository"
    repository.mkdir()

    def git(*arguments: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@b.invalid"]
        subprocess.run(["git", *who, "-C", str(repository), *arguments], check=True, capture_output=True)

    git("init", "-q")
    for number in range(8):
        for path in ("a.py", f"b{number % 3}.py", f"sub{number % 2}/c.go"):
            (repository / path).parent.mkdir(exist_ok=True)
            text = (
                f"def f{number}(): pass\n" if path.endswith("py") else f"package c\nfunc F{number}() {{}}\n"
            )
            (repository / path).write_text(text)
        if number % 3 == 2:
            (repository / "b0.py").unlink()
        git("add", "-A")
        git("commit", "-q", "-m", str(number))
    figures = await history.run(repository, 6, SEED, "lmdb", say=False)
    assert figures["checkouts"] == 6
    assert figures["files changed"] > 0


@pytest.mark.parametrize("kind", sorted(crashes.KINDS))
async def test_kills_leave_an_index_that_mends_itself(kind: str):
    figures = await crashes.run(1, SEED, "lmdb", 30, say=False, kinds={kind: 1})
    assert sum(count for name, count in figures.items() if name.startswith(f"{kind}s killed in")) == 1


async def test_a_server_that_died_fails_what_is_asked_of_it(tmp_path: Path):
    server = Server(tmp_path)
    async with server:
        server.process.kill()
        await server.process.wait()
        for _ in range(2):  # when its end is seen, and after that
            with pytest.raises(Gone):
                await server.settle()


def test_bad_input_is_no_crash():
    rows, failures = fuzz.run(1_500, SEED, [], 1)
    assert {row["kind"] for row in rows} == set(fuzz.IN_PROCESS)
    assert failures == []


async def test_random_messages_are_answered_once_each():
    row, failures = await messages.run(300, SEED)
    assert row["inputs"] == 300
    assert failures == []
