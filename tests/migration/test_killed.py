"""``kill -9`` at any moment leaves a whole target or none, and the next run begins anew."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from support.databases import beside, everything
from support.old_magellan import make

from magellan_lsp.errors import DatabaseLocked
from magellan_lsp.migrate import carried, hydrate
from magellan_lsp.migrate.convert import convert
from magellan_lsp.migrate.work_folder import work_folder
from magellan_lsp.store.open import open_store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals of POSIX")
ROUNDS = 5


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Large enough that a conversion takes a while."""
    place = tmp_path_factory.mktemp("large")
    database = make(place / "m.db", 21, place)
    with sqlite3.connect(database) as connection:
        rows = ((f"name {n}", "{}" + " " * (n % 200)) for n in range(60_000))
        connection.executemany(
            "INSERT INTO graph_entities (kind, name, data) VALUES ('Reference', ?, ?)", rows
        )
    return database


def command(source: Path, target: Path) -> list[str]:
    words = ["migrate-backend", "--input", str(source), "--output", str(target)]
    return [sys.executable, "-m", "magellan_lsp", *words]


def bytes_below(place: Path) -> int:
    """Of all files; those that go away meanwhile count nothing."""
    found = 0
    for folder, _, names in os.walk(place):
        for name in names:
            with suppress(OSError):
                found += (Path(folder) / name).stat().st_size
    return found


def kill_when_written(process: subprocess.Popen[bytes], place: Path, n_bytes: int) -> bool:
    """Kill a process once so much is in a place; False when it ended before."""
    while process.poll() is None and bytes_below(place) < n_bytes:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


@pytest.mark.slow
def test_killed_at_any_moment(large: Path, tmp_path: Path):
    before, wanted = beside(large), everything(large)
    subprocess.run(command(large, tmp_path / "whole"), check=True, capture_output=True)
    size = bytes_below(tmp_path / "whole")
    chance = random.Random(11)
    killed = 0
    for n in range(ROUNDS):
        for source, target in (
            (large, tmp_path / f"index{n}"),
            (tmp_path / "whole", tmp_path / f"back{n}.db"),
        ):
            with subprocess.Popen(
                command(source, target), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as process:
                place = target.with_name(f".{target.name}.migrating") if target.suffix == ".db" else target
                killed += kill_when_written(process, place, int(chance.random() * size))
            if target.suffix == ".db" and target.exists():
                assert everything(target) == wanted  # never half of one
            assert convert(source, target).outcome in ("migrated", "already there")
            if target.suffix != ".db":
                convert(target, tmp_path / f"from{n}.db")
                target = tmp_path / f"from{n}.db"
            assert everything(target) == wanted
            left = {path.name for path in tmp_path.iterdir() if path.name.startswith(".")}
            assert left == set()
    assert killed
    assert beside(large) == before


@pytest.mark.slow
def test_killed_while_a_workspace_is_opened(large: Path, tmp_path: Path):
    root = tmp_path / "work"
    root.mkdir()
    (root / "m.db").write_bytes(large.read_bytes())
    before, before_bytes = beside(root / "m.db"), large.stat().st_size
    code = (
        "import sys, pathlib\n"
        "from magellan_lsp.migrate.automatic import take_over\n"
        "from magellan_lsp.store.open import open_store\n"
        "root = pathlib.Path(sys.argv[1])\n"
        "with open_store(root / '.magellan') as store: print('open', flush=True); take_over(store, root)"
    )
    chance = random.Random(3)
    for _ in range(6):
        so_far = bytes_below(root / ".magellan")
        with subprocess.Popen([sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            kill_when_written(process, root / ".magellan", so_far + int(chance.random() * before_bytes))
    subprocess.run([sys.executable, "-c", code, str(root)], check=True)
    with open_store(root / ".magellan") as store, store.read() as reader:
        schema = carried.find_schema(reader)
        assert schema is not None
        assert carried.tally_of(reader, schema).rows > 60_000
        assert not hydrate.is_pending(reader)
        assert [run.args[0] for run in reader.iter_executions()].count("watch") == 3
    convert(root / ".magellan", tmp_path / "back.db")
    wanted, found = everything(large), everything(tmp_path / "back.db")
    wanted.pop("execution_log")  # with the runs that took it over
    found.pop("execution_log")
    wanted.pop("sqlite_sequence")
    found.pop("sqlite_sequence")
    assert found == wanted
    assert beside(root / "m.db") == before


def test_two_at_once_do_not_mix(tmp_path: Path):
    database = make(tmp_path / "m.db", 7, tmp_path)
    code = (
        "import sys, pathlib; from magellan_lsp.migrate.work_folder import work_folder\n"
        "with work_folder(pathlib.Path(sys.argv[1])): print('in', flush=True); sys.stdin.read()"
    )
    place = str(tmp_path / "index" / "migrating")
    with subprocess.Popen(
        [sys.executable, "-c", code, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(DatabaseLocked):
            convert(database, tmp_path / "index")
        process.kill()
    assert convert(database, tmp_path / "index").outcome == "migrated"


def test_what_a_killed_one_left_is_gone(tmp_path: Path):
    left = tmp_path / "work"
    (left / "deep").mkdir(parents=True)
    (left / "deep" / "file").write_text("old")
    (left / "link").symlink_to(tmp_path)
    with work_folder(left) as place:
        assert [one.name for one in place.iterdir()] == ["work.lock"]
    assert not left.exists()
    assert tmp_path.exists()
