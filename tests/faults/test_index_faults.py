"""An index that is damaged, deleted, full, unwritable, old or shared: the server lives, the index is right again."""

import contextlib
import json
import random
import shutil
import sys
from pathlib import Path

import pytest
from soak.client import Server
from soak.faults import answers, fresh, index, kept, rewrite_modules, until_fresh, write_modules
from support.permissions import CAN_BIND, bound_python, permissions_bind

from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.settings import Settings
from magellan_lsp.store.open import backend_folder, open_store

SEED = 7


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "work"
    root.mkdir()
    write_modules(root)
    return root


def damages(size: int) -> dict[str, tuple[int, int]]:
    """Regions of the file, as (begin, end)."""
    page = 4096
    return {
        "first meta page": (0, page),
        "second meta page": (page, 2 * page),
        "first pages": (2 * page, min(size, 6 * page)),
        "middle": (size // 3, 2 * size // 3),
        "end": (max(0, size - 4 * page), size),
    }


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["lmdb", "sqlite"])
@pytest.mark.parametrize("region", [*damages(0), "everywhere", "cut", "empty"])
async def test_a_damaged_index_is_replaced_by_a_right_one(root, backend, region):
    file = index(root, backend)
    data = bytearray(file.read_bytes())
    chance = random.Random(f"{SEED} {region}")
    if region == "cut":
        data = data[: len(data) // 2 + 100]
    elif region == "empty":
        data = bytearray()
    else:
        begin, end = damages(len(data)).get(region, (0, len(data)))
        for _ in range(max(8, (end - begin) // 64)):
            data[chance.randrange(begin, end)] ^= 1 << chance.randrange(8)
    file.write_bytes(data)
    async with Server(root, options={"backend": backend}) as server:
        await server.settle()
        await answers(server)
        server.on_disk(rewrite_modules(root))  # what is changed is read, damaged or not
        await until_fresh(server, root, backend)
        await answers(server)


@pytest.mark.parametrize("what", ["folder", "files"])
async def test_an_index_deleted_under_the_server_is_made_anew(root, what):
    async with Server(root) as server:
        await server.settle()
        place = backend_folder(root / ".magellan", "lmdb")
        if what == "folder":
            shutil.rmtree(root / ".magellan")
        else:
            (place / "data.mdb").unlink()
        await answers(server)
        (root / "new.py").write_text("def new():\n    pass\n")
        server.on_disk(["new.py"])
        await until_fresh(server, root)
        await answers(server)


async def test_an_index_of_an_older_version_of_facts_is_brought_up_to_date(root):
    index(root)
    from magellan_lsp.indexer.pipeline import VERSIONS

    with open_store(root / ".magellan") as store, store.write() as txn:
        txn.put_meta(VERSIONS, b"0.0")
    async with Server(root) as server:
        await until_fresh(server, root)
        await answers(server)


async def test_an_index_of_another_format_stays_beside(root):
    index(root)
    place = backend_folder(root / ".magellan", "lmdb")
    other = place.with_name("lmdb-0.9.9")
    place.rename(other)
    before = (other / "data.mdb").read_bytes()
    async with Server(root) as server:
        await until_fresh(server, root)
        await answers(server)
    assert (other / "data.mdb").read_bytes() == before


@pytest.mark.parametrize("backend", ["lmdb", "sqlite"])
async def test_two_servers_on_one_workspace_and_the_first_one_dies(root, backend):
    options = {"backend": backend}
    async with Server(root, options=options) as first:
        await first.settle()
        async with Server(root, options=options) as second:
            await second.settle()
            await answers(second)
            said = [one["params"] for one in second.notifications]
            (root / "by_first.py").write_text("def by_first():\n    pass\n")
            first.on_disk(["by_first.py"])
            await first.settle()
            found = await second.ask("workspace/symbol", {"query": "by_first"})
            assert any(one["name"] == "by_first" for one in found), said
            await first.kill()
            (root / "m3.py").write_text("def f3():\n    return 'changed'\n")
            (root / "by_second.py").write_text("def by_second():\n    pass\n")
            second.on_disk(["m3.py", "by_second.py"])
            await until_fresh(second, root, backend)
            await answers(second)


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))
import runpy
sys.argv[0] = "magellan-lsp"
runpy.run_module("magellan_lsp", run_name="__main__")
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="limits the size of files as Linux does, of another process"
)
@pytest.mark.parametrize("backend", ["lmdb", "sqlite"])
async def test_a_full_disk_is_said_and_the_index_is_right_when_there_is_room(root, backend):
    import resource

    file = index(root, backend)
    async with Server(root, options={"backend": backend}) as server:
        await server.settle()
        indexer = server.indexer()
        assert indexer is not None
        # The interpreter ignores SIGXFSZ: writing beyond the limit is an error, as on a full disk.
        room = file.stat().st_size
        resource.prlimit(indexer.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        many = [f"more{number}.py" for number in range(150)]
        for path in many:
            (root / path).write_text("".join(f"def {path[:-3]}_{one}(): pass\n" for one in range(100)))
        server.on_disk(many)
        await server.settle()
        assert indexer.is_running()
        status = json.dumps(await server.ask("magellan/status", {}))
        assert "space" in status or "full" in status
        await answers(server)
        resource.prlimit(indexer.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        await until_fresh(server, root, backend)
        await answers(server)


def test_a_full_map_is_no_harm_to_what_was_indexed(root):
    from magellan_lsp.errors import NoSpace

    with open_store(root / ".magellan", map_bytes=1 << 20, max_map_bytes=1 << 20) as store:
        Indexer(root, store, Settings(), workers=0).refresh()
    before = kept(root)
    for number in range(300):
        (root / f"more{number}.py").write_text(
            "".join(f"def g{number}_{one}(): pass\n" for one in range(100))
        )
    with (
        open_store(root / ".magellan", map_bytes=1 << 20, max_map_bytes=1 << 20) as store,
        contextlib.suppress(NoSpace),
    ):
        Indexer(root, store, Settings(), workers=0).refresh()
        pytest.fail("the map was not full")
    assert kept(root) == before
    with open_store(root / ".magellan") as store:
        Indexer(root, store, Settings(), workers=0).refresh()
    assert kept(root) == fresh(root)


@pytest.mark.skipif(not CAN_BIND, reason="needs permissions that bind")
@pytest.mark.parametrize("what", ["index", "root"])
async def test_what_cannot_be_written_is_served_all_the_same(root, tmp_path, monkeypatch, what):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "executable", bound_python(tmp_path))
    if what == "index":
        place = index(root).parent
        for path in [*place.iterdir(), place, place.parent]:
            path.chmod(0o500 if path.is_dir() else 0o400)
    root.chmod(0o500)
    try:
        async with Server(root) as server:
            await server.settle()
            await answers(server)
            with permissions_bind(), pytest.raises(PermissionError):
                (root / "new.py").write_text("")
    finally:
        for path in [root, *root.rglob("*")]:
            path.chmod(0o700)
