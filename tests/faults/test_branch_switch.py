"""A branch switch that changes 500 files: few batches, navigation all the while, and a right index at the end."""

import asyncio
import random
import subprocess
from pathlib import Path

import pytest
from soak.client import Refused, Server
from soak.faults import until_fresh

from magellan_lsp.store.executions import SUCCESS
from magellan_lsp.store.open import open_store

FILES = 500
#: Lines above the definitions, by branch.
ABOVE = {"one": 0, "two": 3}


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@b.invalid", "-c", "gc.auto=0"]
    subprocess.run(["git", *who, "-C", str(root), *arguments], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    for branch, above in ABOVE.items():
        git(tmp_path, "checkout", "-q", "-b", branch)
        for number in range(FILES):
            called = number // 2
            (tmp_path / f"m{number}.py").write_text(
                "# moved\n" * above
                + f"def f{number}():\n    pass\n\n\nfrom m{called} import f{called}\nf{called}()\n"
            )
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-q", "-m", branch)
    git(tmp_path, "checkout", "-q", "one")
    return tmp_path


class Navigating:
    """Asks for definitions one after the other, of files as they are on disk."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.right = 0
        self.wrong: list[str] = []

    async def run(self) -> None:
        chance = random.Random(7)
        while True:
            number = chance.randrange(2, FILES)
            above = (self.server.root / f"m{number}.py").read_text().count("# moved")
            position = {"line": above + 5, "character": 1}
            asked = {"textDocument": self.server.document(f"m{number}.py"), "position": position}
            try:
                found = await self.server.ask("textDocument/definition", asked)
            except Refused:
                continue  # it changed meanwhile, and the answer says so
            uri = self.server.uri(f"m{number // 2}.py")
            places = [(one["uri"], one["range"]["start"]["line"]) for one in found or []]
            now = (self.server.root / f"m{number}.py").read_text().count("# moved")
            if places in ([(uri, line)] for line in ABOVE.values()):
                self.right += 1
            elif now == above:  # else the position was that of the text before
                self.wrong.append(f"m{number}.py: {places}")
            await asyncio.sleep(0)


def batches(root: Path) -> list[int]:
    """Files of each batch of changes that the indexer took in, oldest first."""
    with open_store(root / ".magellan", "read", root=root) as store, store.read() as reader:
        rows = [row for row in reader.iter_executions() if row.outcome == SUCCESS]
    return [row.files_indexed for row in reversed(rows)][1:]  # the first one is that of the start


async def test_a_branch_switch_is_followed_while_one_navigates(root):
    async with Server(root, capabilities={}) as server:  # the server watches by itself
        await server.settle()
        navigating = Navigating(server)
        asker = asyncio.create_task(navigating.run())
        await asyncio.to_thread(git, root, "checkout", "-q", "two")
        await until_fresh(server, root)
        asker.cancel()
        assert navigating.right > 0
        assert navigating.wrong == []
    taken = batches(root)
    assert max(taken) > FILES // 2  # most of it at once
    assert len(taken) <= 5
