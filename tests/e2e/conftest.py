"""Workspaces, editors and bare wires for tests of the whole program."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from support.lsp import COMMAND, Editor, Wire, editing, workspace_of


@pytest_asyncio.fixture
async def edit(tmp_path: Path) -> AsyncIterator[Any]:
    """``await edit(files, …)`` opens a new workspace with these files in a new editor."""
    async with AsyncExitStack() as stack:

        async def start(files: Mapping[str, str], *args: Any, **more: Any) -> Editor:
            workspace = workspace_of(tmp_path / "work", files)
            return await stack.enter_async_context(editing(workspace, *args, **more))

        yield start


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Wire]:
    process = await asyncio.create_subprocess_exec(
        *COMMAND, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 24
    )
    try:
        yield Wire(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
def files() -> dict[str, str]:
    """A small workspace."""
    return {"util.py": UTIL, "app.py": APP}


UTIL = '''\
def «greet»(name: str) -> str:
    """Say hello."""
    return name


class «Base»:
    def «run»(self):
        return greet("b")


class «Child»(Base):
    def run(self):
        «local» = greet("c")
        return local
'''
APP = """\
from util import greet, Child

HI = «first=greet»("start")


def «main»(child: Child):
    text = "😀é𝒳"; «astral=greet»(text)
    child.«method=run»()
"""
