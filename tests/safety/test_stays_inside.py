"""Nothing outside of the workspace is read or answered, and nothing is written but the index, which is private."""

import json
import os
import stat
from pathlib import Path

import pytest
from soak.client import Refused, Server

from magellan_lsp.session.caches import DiskTexts
from magellan_lsp.settings import OPTIONS, read_settings


def state(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode)
        for path in folder.rglob("*")
        if path.is_file()
    }


def places(answer: object) -> str:
    return json.dumps(answer)


async def test_links_and_imports_lead_to_nothing_outside(root, outside):
    before = state(outside)
    async with Server(root, options={"dependencies": {"enabled": False}}) as server:
        await server.settle()
        assert await server.ask("workspace/symbol", {"query": "TopSecret"}) == []
        for path in ("own.py", "own.ts", "own.c"):
            text = (root / path).read_text()
            server.open(path, text)
            for line, content in enumerate(text.splitlines()):
                for character in range(0, len(content), 3):
                    place = {
                        "textDocument": server.document(path),
                        "position": {"line": line, "character": character},
                    }
                    for method in ("definition", "typeDefinition", "hover"):
                        answer = places(await server.ask(f"textDocument/{method}", place))
                        assert outside.as_uri() not in answer and "def TopSecret" not in answer
            links = places(
                await server.ask("textDocument/documentLink", {"textDocument": server.document(path)})
            )
            assert outside.as_uri() not in links
        for path in ("linked.py", "up.py", "link/secret.py"):
            symbols = await server.ask("textDocument/documentSymbol", {"textDocument": server.document(path)})
            assert not symbols, path
        with pytest.raises(Refused):  # it is in no folder
            await server.ask(
                "textDocument/documentSymbol", {"textDocument": server.document("../outside/secret.py")}
            )
        status = await server.ask("magellan/status", {})
    assert "secret" not in places(status)
    assert state(outside) == before


async def test_dependencies_that_are_links_out_of_the_workspace_are_not_followed(root, outside):
    (root / "compile_commands.json").unlink()  # it may name folders of headers, which are dependencies then
    async with Server(root) as server:  # dependencies are looked at, as by default
        await server.settle()
        server.open("own.ts", (root / "own.ts").read_text())
        for line, character in ((3, 24), (4, 6), (4, 26)):
            place = {
                "textDocument": server.document("own.ts"),
                "position": {"line": line, "character": character},
            }
            assert outside.as_uri() not in places(await server.ask("textDocument/definition", place))


async def test_a_file_that_becomes_a_link_out_of_the_workspace_is_forgotten(tmp_path, outside):
    root = tmp_path / "work"
    root.mkdir()
    (root / "a.py").write_text("def ours():\n    pass\n")
    async with Server(root) as server:
        await server.settle()
        (root / "a.py").unlink()
        (root / "a.py").symlink_to(outside / "secret.py")
        server.on_disk(["a.py"])
        await server.settle()
        assert await server.ask("workspace/symbol", {"query": "TopSecret"}) == []
        assert await server.ask("workspace/symbol", {"query": "ours"}) == []
        symbols = await server.ask("textDocument/documentSymbol", {"textDocument": server.document("a.py")})
        assert not symbols


def test_a_text_is_not_read_through_a_link_that_leads_out(tmp_path, outside):
    """Whatever led to the path: git says that a link changed, or a file became one a moment ago."""
    root = tmp_path / "work"
    root.mkdir()
    (root / "a.py").write_text("ours = 1\n")
    (root / "same.py").symlink_to(root / "a.py")
    texts = DiskTexts(1 << 20, 1 << 20)
    for path in ("a.py", "same.py"):
        text = texts.read(str(root / path), str(root))
        assert text is not None and text.data == b"ours = 1\n"
    (root / "a.py").unlink()
    (root / "a.py").symlink_to(outside / "secret.py")
    for path in ("a.py", "same.py"):
        assert texts.read(str(root / path), str(root)) is None


@pytest.mark.parametrize("place", [".magellan", "inner", "data.mdb"])
async def test_an_index_that_is_a_link_is_refused_and_nothing_is_written_through_it(tmp_path, outside, place):
    from magellan_lsp.store.open import lmdb_folder

    root = tmp_path / "work"
    root.mkdir()
    (root / "a.py").write_text("def ours():\n    pass\nours()\n")
    own = lmdb_folder(root / ".magellan")
    if place == ".magellan":
        (root / ".magellan").symlink_to(outside)
    elif place == "inner":
        (root / ".magellan").mkdir()
        own.symlink_to(outside)
    else:
        own.mkdir(parents=True)
        (own / "data.mdb").symlink_to(outside / "secret.py")
    before = state(outside)
    async with Server(root) as server:
        await server.settle()
        status = await server.ask("magellan/status", {})
        assert ".magellan" in places(status) and "link" in places(status)
        server.open("a.py", (root / "a.py").read_text())
        at = {"textDocument": server.document("a.py"), "position": {"line": 2, "character": 1}}
        assert await server.ask("textDocument/definition", at), "open documents are answered all the same"
    assert state(outside) == before


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("backend", ["lmdb", "sqlite"])
async def test_the_index_is_private_and_all_that_is_written(tmp_path, backend):
    root = tmp_path / "work"
    root.mkdir()
    (root / "a.py").write_text("def ours():\n    pass\n")
    before = os.umask(0)
    try:
        async with Server(root, options={"backend": backend}) as server:
            await server.settle()
            modes = {
                path: stat.S_IMODE(path.stat().st_mode)
                for path in [root / ".magellan", *(root / ".magellan").rglob("*")]
            }
    finally:
        os.umask(before)
    assert len(modes) > 3
    for path, mode in modes.items():
        assert mode == (0o700 if path.is_dir() else 0o600), path
    assert sorted(one.name for one in root.iterdir()) == [".magellan", "a.py"]


def test_no_setting_names_a_program():
    """What is a path among the settings is read, never run: there are these, and one has to think before adding."""
    paths = {
        key for key, option in OPTIONS.items() if "path" in option.expected or "folder" in option.expected
    }
    assert paths == {"index.location", "dependencies.roots", "dependencies.python", "migration.path"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("index.location", "/tmp/elsewhere"),
        ("migration.path", "../elsewhere.db"),
        ("migration.path", "/etc/passwd"),
        ("dependencies.roots", ["/etc"]),
        ("dependencies.python", "/bin/sh"),
    ],
)
def test_what_a_workspace_says_about_the_machine_is_not_used(key, value):
    read = read_settings({key: value}, trusted=False)
    assert read.settings == read_settings({}).settings
    assert read.warnings
