"""A folder with an index of Magellan, opened in an editor: progress, answers, a report, and the original as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from support.databases import beside
from support.lsp import Workspace, capabilities, editing

from magellan_lsp.migrate.automatic import take_over
from magellan_lsp.store.open import open_store

FIXTURES = Path(__file__).parents[2] / "fixtures" / "magellan"


def workspace(place: Path, release: str = "2.3.1") -> Workspace:
    root = place / "sample"
    shutil.copytree(FIXTURES / "sample", root)
    (root / ".magellan").mkdir()
    shutil.copyfile(FIXTURES / f"magellan-{release}.db", root / ".magellan" / "magellan.db")
    return Workspace(root)


@pytest.mark.parametrize("release", ["2.3.1", "3.1.7", "4.17.0"])
async def test_open_the_folder(release: str, tmp_path: Path):
    work = workspace(tmp_path, release)
    database = work.root / ".magellan" / "magellan.db"
    before = beside(database)["magellan.db"]
    async with editing(work, capabilities(progress=True)) as editor:
        await editor.settle()
        report = await editor.ask("magellan/migration", {})
        assert (report.success, report.error, report.verified) == (True, None, True)
        assert report.tables.code_chunks in (175, 180, 205)
        found = await editor.ask("workspace/symbol", types.WorkspaceSymbolParams("price_of"))
        assert {one.name for one in found} == {"price_of"}
        runs = await editor.ask("magellan/executions", {})
        assert {run.args[0] for run in runs.executions} >= {"migrate", "watch"}
        assert (await editor.ask("magellan/detect", {"path": ".magellan/magellan.db"})).program == "magellan"
        again = await editor.ask("magellan/migrate", {"input": ".magellan/magellan.db"})
        assert again.success
        told = [str(one) for reports in editor.client.progress_reports.values() for one in reports]
    assert any("Taking over Magellan's index" in one for one in told)
    assert beside(database)["magellan.db"] == before


async def test_answers_are_there_before_any_file_is_indexed(tmp_path: Path):
    work = workspace(tmp_path)
    # While this process writes the index, the server only reads it: what it answers comes from Magellan's rows.
    with open_store(work.root / ".magellan") as store:
        take_over(store, work.root)
        async with editing(work) as editor:
            found = await editor.ask("workspace/symbol", types.WorkspaceSymbolParams("total"))
            (total,) = [one for one in found if one.location.uri.endswith("/python/shop/pricing.py")]
            path = work.root / "python" / "shop" / "pricing.py"
            line = path.read_text(encoding="utf-8").splitlines()[total.location.range.start.line]
            assert "def total(" in line
            fqn = "python/shop/pricing.py::discount"
            (symbol,) = (await editor.ask("magellan/find", {"query": fqn})).symbols
            references = await editor.ask(
                "magellan/references", {"symbol": symbol.id, "includeDeclaration": False}
            )
            assert references.references
            graph = await editor.ask("magellan/callGraph", {"symbol": symbol.id, "direction": "in"})
            assert len(graph.nodes) > 1
            chunks = await editor.ask("magellan/chunks", {"symbol": symbol.id})
            assert chunks.chunks[0].content.startswith("def discount(")
            status = await editor.ask("magellan/status", {})
            assert status.folders[0].files == 31


async def test_switched_off(tmp_path: Path):
    async with editing(workspace(tmp_path), options={"migration": {"enabled": False}}) as editor:
        await editor.settle()
        assert await editor.ask("magellan/migration", {}) is None
        report = await editor.ask("magellan/migrate", {})
        assert report.success


async def test_a_damaged_one_is_reported_and_the_files_are_indexed(tmp_path: Path):
    work = workspace(tmp_path)
    database = work.root / ".magellan" / "magellan.db"
    database.write_bytes(database.read_bytes()[:100_000])
    async with editing(work) as editor:
        await editor.settle()
        report = await editor.ask("magellan/migration", {})
        assert (report.success, report.error) == (False, "DatabaseDamaged")
        status = await editor.ask("magellan/status", {})
        assert status.folders[0].files == 36
        with pytest.raises(JsonRpcException, match="no database"):
            await editor.ask("magellan/detect", {"path": "nothing.db"})
