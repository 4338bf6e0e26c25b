"""What only a database on disk can get wrong: dying, running full, other processes, other people's files."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lmdb
import pytest
from support.details import make_details
from support.facts import make_file, make_links, workspace
from support.permissions import CAN_BIND, permissions_bind

import magellan_lsp
from magellan_lsp.errors import (
    ForeignFolderError,
    IndexBusyError,
    IndexDamagedError,
    IndexFormatError,
    IndexMissing,
    MagellanError,
    NoSpace,
    NotWritable,
    UnusableIndex,
)
from magellan_lsp.store import open as opening
from magellan_lsp.store.base import Family, Reader, Store
from magellan_lsp.store.dump import dump
from magellan_lsp.store.open import index_folder, lmdb_folder, open_store
from magellan_lsp.store.schema import CURRENT
from magellan_lsp.store.tables import Tables

MIB = 1 << 20


def fill(store: Store, n_files: int, seed: int = 0) -> str:
    """A few files, linked; gives the dump."""
    with store.write() as txn:
        for made in workspace(n_files, seed):
            txn.replace_file(*made)
            txn.replace_links(make_links(made.facts, list(made.facts.symbol_ids), random.Random(seed)))
    with store.read() as reader:
        return dump(reader)


def child(code: str, *args: object) -> subprocess.Popen[str]:
    """A process that runs ``code`` with the package and the test support at hand."""
    root = Path(magellan_lsp.__file__).parent.parent
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])}
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, args)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=env)


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# every key and value ----


def test_after_removal_no_key_or_value_mentions_the_file(tmp_path: Path) -> None:
    odd = "gone:dir/\udc80𝕏" + "x" * 600 + ".py"
    files = workspace(5)
    gone = make_file(odd, 7, names=["only_there", "y" * 600], n_symbols=9)
    with open_store(tmp_path) as store:
        with store.write() as txn:
            for made in [*files, gone]:
                txn.replace_file(*made)
            targets = [symbol for made in files for symbol in made.facts.symbol_ids]
            for made in [*files, gone]:
                txn.replace_links(make_links(made.facts, targets, random.Random(1)))
                txn.put_details(made.record.path, made.record.digest, make_details(made.facts))
                txn.put_labels(made.facts.symbol_ids[0], ["only_there"] if made is gone else ["kept"])
        with store.write() as txn:
            txn.remove_file(odd)
    env = lmdb.open(str(lmdb_folder(tmp_path)), max_dbs=32, readonly=True)
    numbers = set()
    n_records = 0
    with env.begin() as txn:
        names = [key for key, _ in txn.cursor()]
        for name in names:
            table = env.open_db(name, txn=txn, create=False)
            for key, value in txn.cursor(db=table):
                n_records += 1
                for needle in (
                    b"gone:dir",
                    b"only_there",
                    b"y" * 100,
                    *map(bytes.fromhex, gone.facts.symbol_ids),
                ):
                    assert needle not in key, name
                    assert needle not in value, name
                if name in (b"files", b"facts", b"links", b"details", b"labels", b"named"):
                    numbers.add(key[:4])
                if name == b"postings" and key[0] not in (16, 17, 18):
                    low = memoryview(value).cast("H").tolist()
                    assert low == sorted(set(low))
                    assert set(low) <= set(range(5))
    env.close()
    assert n_records > 100
    assert numbers == {i.to_bytes(4, "big") for i in range(5)}


def test_an_emptied_store_has_no_records_left(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, 6)
        with store.write() as txn:
            for made in workspace(6):
                txn.remove_file(made.record.path)
        assert sum(store.stats()["records"].values()) == store.stats()["records"]["meta"] == 2


# dying ----

WRITER = """
    import random, sys
    from pathlib import Path
    from support.facts import make_file, make_links
    from magellan_lsp.store.open import open_store
    store = open_store(Path(sys.argv[1]))
    print("ready", flush=True)
    for i in range(int(sys.argv[2])):
        with store.write() as txn:
            for k in range(5):
                made = make_file(f"f{k}.py", i)
                txn.replace_file(*made)
                txn.replace_links(make_links(made.facts, list(made.facts.symbol_ids), random.Random(i)))
            txn.put_meta("round", str(i).encode())
            if i == int(sys.argv[3]):
                print("inside", flush=True)
                sys.stdin.read()
        print(i, flush=True)
"""


def expected_after(rounds: int) -> str:
    from magellan_lsp.store.memory import MemoryStore

    store = MemoryStore()
    with store.write() as txn:
        for k in range(5):
            made = make_file(f"f{k}.py", rounds)
            txn.replace_file(*made)
            txn.replace_links(make_links(made.facts, list(made.facts.symbol_ids), random.Random(rounds)))
        txn.put_meta("round", str(rounds).encode())
    with store.read() as reader:
        return dump(reader)


def test_a_writer_killed_inside_a_transaction_loses_that_one_alone(tmp_path: Path) -> None:
    process = child(WRITER, tmp_path, 100, 3)
    assert process.stdout is not None
    while process.stdout.readline().strip() != "inside":
        pass
    with open_store(tmp_path, "read") as reader_store:  # readers work meanwhile
        with pytest.raises(IndexBusyError):
            open_store(tmp_path, "write")
        assert not reader_store.try_acquire_writer()
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert reader_store.try_acquire_writer()  # the system gave the lock back
        with reader_store.read() as reader:
            assert dump(reader) == expected_after(2)
        with reader_store.write() as txn:
            txn.remove_file("f0.py")
    process.communicate()


def test_a_writer_killed_at_any_moment_leaves_a_whole_state(tmp_path: Path) -> None:
    rng = random.Random(5)
    for attempt in range(8):
        folder = tmp_path / str(attempt)
        process = child(WRITER, folder, 10_000, -1)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        time.sleep(rng.random() * 0.15)
        process.kill()
        said, _ = process.communicate()
        with open_store(folder) as store, store.read() as reader:
            done = int(reader.find_meta("round") or -1)
            last_said = int(said.split()[-1]) if said.split() else -1
            assert done >= last_said  # nothing that was committed is lost
            if done >= 0:
                assert dump(reader) == expected_after(done)


# running full ----


@pytest.mark.parametrize("is_bulk", [False, True])
def test_a_full_map_grows_and_nothing_is_lost(tmp_path: Path, *, is_bulk: bool) -> None:
    files = workspace(200, n_occurrences=200)
    with open_store(tmp_path, map_bytes=MIB) as store:
        with store.bulk() if is_bulk else store.write() as txn:
            for made in files:
                txn.replace_file(*made)
                assert txn.reader().find_file(made.record.path) is not None
        assert store.stats()["map_bytes"] > MIB
        with store.read() as reader:
            assert [record.path for record in reader.iter_files()] == sorted(
                made.record.path for made in files
            )


def test_growing_waits_for_readers(tmp_path: Path) -> None:
    with open_store(tmp_path, map_bytes=MIB) as store:
        before = fill(store, 2)
        started, finish = threading.Event(), threading.Event()
        answers: list[str] = []

        def look() -> None:
            with store.read() as reader:
                started.set()
                finish.wait(5)
                answers.append(dump(reader))

        thread = threading.Thread(target=look)
        thread.start()
        started.wait()
        threading.Timer(0.2, finish.set).start()
        with store.write() as txn:
            for made in workspace(200, 3, n_occurrences=200):
                txn.replace_file(*made)
        thread.join()
        assert answers == [before]
        with store.read() as reader:
            assert reader.count_files() == 200


def test_a_map_that_may_not_grow_is_no_space_and_no_harm(tmp_path: Path) -> None:
    with open_store(tmp_path, map_bytes=MIB, max_map_bytes=2 * MIB) as store:
        before = fill(store, 3)

        def overfill() -> None:
            with store.write() as txn:
                for made in workspace(300, 4, n_occurrences=300):
                    txn.replace_file(*made)

        with pytest.raises(NoSpace):
            overfill()
        with store.read() as reader:
            assert dump(reader) == before
        with store.write() as txn:
            txn.put_meta("still", b"alive")


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are of POSIX")
def test_a_full_disk_is_no_space_and_no_harm(tmp_path: Path) -> None:
    process = child(
        """
        import resource, signal, sys
        from pathlib import Path
        from support.facts import workspace
        from magellan_lsp.errors import NoSpace
        from magellan_lsp.store.open import open_store
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        store = open_store(Path(sys.argv[1]))
        with store.write() as txn:
            txn.put_meta("before", b"1")
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        try:
            with store.write() as txn:
                for made in workspace(200, n_occurrences=300):
                    txn.replace_file(*made)
        except NoSpace:
            print("no space")
        with store.read() as reader:
            print(reader.count_files(), reader.find_meta("before"))
        """,
        tmp_path,
    )
    said, _ = process.communicate()
    assert said.split("\n")[:2] == ["no space", "0 b'1'"]
    with open_store(tmp_path) as store, store.read() as reader:
        assert reader.find_meta("before") == b"1"


@pytest.mark.skipif(sys.platform != "linux", reason="limits address space")
def test_little_address_space_is_enough(tmp_path: Path) -> None:
    process = child(
        """
        import resource, sys
        from pathlib import Path
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
        from magellan_lsp.store.open import open_store
        with open_store(Path(sys.argv[1])) as store:
            with store.write() as txn:
                txn.put_meta("a", b"1")
            print(store.stats()["map_bytes"] < 2 << 30)
        """,
        tmp_path,
    )
    assert process.communicate()[0] == "True\n"


# other processes ----


def test_a_second_process_reads_while_one_writes(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, 3)
        process = child(
            """
            import sys
            from pathlib import Path
            from magellan_lsp.errors import IndexBusyError
            from magellan_lsp.store.open import open_store
            from magellan_lsp.store.dump import dump
            store = open_store(Path(sys.argv[1]), "read")
            for line in sys.stdin:
                with store.read() as reader:
                    print(reader.count_files(), store.try_acquire_writer(), flush=True)
            try:
                open_store(Path(sys.argv[1]), "write")
            except IndexBusyError as error:
                print("busy", error.pid)
            """,
            tmp_path,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        for n_files in (3, 10, 40):
            fill(store, n_files)
            process.stdin.write("count\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"{n_files} False\n"
        assert process.communicate()[0] == f"busy {os.getpid()}\n"


def test_two_stores_of_one_process_share_the_environment(tmp_path: Path) -> None:
    writer = open_store(tmp_path)
    with pytest.raises(IndexBusyError):
        open_store(tmp_path)
    reader = open_store(tmp_path, "read")
    fill(writer, 2)
    with reader.read() as view:
        assert view.count_files() == 2
    with pytest.raises(IndexBusyError), reader.write():
        pass
    assert not reader.try_acquire_writer()
    writer.close()
    writer.close()
    with reader.read() as view:
        assert view.count_files() == 2
    assert reader.try_acquire_writer()
    fill(reader, 3)
    reader.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_reads_with_an_environment_of_its_own(tmp_path: Path) -> None:
    process = child(
        """
        import os, sys
        from pathlib import Path
        from support.facts import make_file
        from magellan_lsp.errors import IndexBusyError
        from magellan_lsp.store.open import open_store
        store = open_store(Path(sys.argv[1]))
        with store.write() as txn:
            txn.replace_file(*make_file("a.py", 1))
        pid = os.fork()
        if pid == 0:
            with store.read() as reader:
                n = reader.count_files()
            try:
                with store.write():
                    os._exit(1)
            except IndexBusyError:
                pass
            store.close()
            os._exit(10 + n)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        with store.write() as txn:
            txn.replace_file(*make_file("b.py", 1))
        with store.read() as reader:
            print(reader.count_files())
        """,
        tmp_path,
    )
    assert process.communicate()[0] == "11\n2\n"


def test_a_nested_transaction_is_refused(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.write():
        with pytest.raises(RuntimeError, match="inside another"), store.write():
            pass
        with store.read() as reader:
            assert reader.count_files() == 0


# other people's files ----


def test_the_folder_is_private_and_ignored_by_git(tmp_path: Path) -> None:
    folder = tmp_path / ".magellan"
    with open_store(folder) as store:
        fill(store, 1)
    assert (folder / ".gitignore").read_text() == "*\n"
    for path in [folder, *folder.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o077 == 0, path
    assert opening.other_indexes(folder) == []


def test_what_else_is_in_the_folder_stays(tmp_path: Path) -> None:
    folder = tmp_path / ".magellan"
    (folder / "lmdb-0.9.1").mkdir(parents=True)
    (folder / "lmdb-0.9.1" / "data.mdb").write_bytes(b"older")
    (folder / "magellan.db").write_bytes(b"SQLite format 3\0")
    (folder / ".gitignore").write_text("mine")
    before = bytes_below(folder)
    with open_store(folder) as store:
        fill(store, 1)
    after = bytes_below(folder)
    assert {path: after[path] for path in before} == before
    assert opening.other_indexes(folder) == [folder / "lmdb-0.9.1"]


def test_reading_what_is_not_there_makes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / ".magellan"
    with pytest.raises(IndexMissing):
        open_store(folder, "read")
    assert not folder.exists()
    lmdb_folder(folder).mkdir(parents=True)
    with pytest.raises(IndexMissing):
        open_store(folder, "read")
    assert list(lmdb_folder(folder).iterdir()) == []


def test_a_link_or_a_file_under_our_name_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "link").symlink_to(elsewhere)
    (tmp_path / "file").write_text("mine")
    inner = lmdb_folder(tmp_path / "inner")
    inner.mkdir(parents=True)
    (elsewhere / "precious").write_text("mine")
    (inner / "data.mdb").symlink_to(elsewhere / "precious")
    for name in ("link", "file", "inner"):
        for mode in ("read", "write"):
            with pytest.raises(ForeignFolderError):
                open_store(tmp_path / name, mode)
    assert bytes_below(elsewhere) == {str(elsewhere / "precious"): b"mine"}
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("by", [1, -1])
def test_another_version_is_refused_and_left_as_it_is(tmp_path: Path, part: int, by: int) -> None:
    import msgspec

    with open_store(tmp_path) as store:
        fill(store, 1)
    place = lmdb_folder(tmp_path)
    other = [*CURRENT]
    other[part] += by
    env = lmdb.open(str(place), max_dbs=16)
    with env.begin(write=True) as txn:
        txn.put(b"\0format", msgspec.msgpack.encode(other), db=env.open_db(b"meta", txn=txn))
    env.close()
    before = (place / "data.mdb").read_bytes()
    for mode in ("read", "write"):
        with pytest.raises(IndexFormatError) as caught:
            open_store(tmp_path, mode)
        assert (caught.value.found, caught.value.supported) == (other[part], CURRENT[part])
    assert (place / "data.mdb").read_bytes() == before


DAMAGE = {
    "cut": lambda data: data[: len(data) // 2],
    "cut to a page": lambda data: data[:4096],
    "junk": lambda data: b"not an index" * 1000,
    "junk from the start on": lambda data: os.urandom(8192) + data[8192:],
    "no format": None,
}


@pytest.mark.parametrize("kind", list(DAMAGE))
def test_a_damaged_index_is_kept_and_replaced_or_refused(tmp_path: Path, kind: str) -> None:
    with open_store(tmp_path) as store:
        fill(store, 4)
    data = lmdb_folder(tmp_path) / "data.mdb"
    spoil = DAMAGE[kind]
    if spoil is None:
        env = lmdb.open(str(data.parent), max_dbs=16)
        with env.begin(write=True) as txn:
            txn.delete(b"\0format", db=env.open_db(b"meta", txn=txn))
        env.close()
    else:
        data.write_bytes(spoil(data.read_bytes()))
    before = data.read_bytes()
    with pytest.raises(IndexDamagedError):
        open_store(tmp_path, "read")
    with pytest.raises(IndexDamagedError):
        open_store(tmp_path, "write", set_aside=False)
    assert data.read_bytes() == before
    with open_store(tmp_path) as store, store.read() as reader:
        assert reader.count_files() == 0
    (kept,) = opening.other_indexes(tmp_path)
    assert (kept / "data.mdb").read_bytes() == before
    assert kept.name.endswith(".damaged-1")


@pytest.mark.parametrize(
    "error", [lmdb.CorruptedError, lmdb.PageNotFoundError, lmdb.BadTxnError, lmdb.CursorFullError]
)
def test_what_lmdb_says_of_damage_is_named(tmp_path: Path, error: type[lmdb.Error]) -> None:
    """The first question that comes upon damage is told so, the next ones that the transaction is no good."""
    with open_store(tmp_path) as store:
        with pytest.raises(IndexDamagedError), store.read():
            raise error("mdb_get")
        with store.read() as reader:
            assert reader.count_files() == 0


def test_flipped_bytes_of_a_record_are_named(tmp_path: Path) -> None:
    made = make_file("a.py", 1, n_occurrences=2000)
    with open_store(tmp_path) as store, store.write() as txn:
        txn.replace_file(*made)
    data = lmdb_folder(tmp_path) / "data.mdb"
    content = bytearray(data.read_bytes())
    at = content.find(b"mgF")
    assert at > 0
    content[at + 30_000] ^= 0xFF
    data.write_bytes(content)
    with open_store(tmp_path, "read") as store, pytest.raises(IndexDamagedError), store.read() as reader:
        reader.find_facts("a.py")


@pytest.mark.parametrize("magic", [b"mgR", b"mgF", b"mgL"])
@pytest.mark.parametrize("backend", ["lmdb", "sqlite"])
def test_a_record_of_another_version_in_an_index_of_ours_is_damage(
    tmp_path: Path, backend: Any, magic: bytes
) -> None:
    """Whole indexes of other versions have folders of their own; who is told of a version is told to update the program."""
    with open_store(tmp_path, backend=backend) as store:
        fill(store, 1)
    data = opening.backend_folder(tmp_path, backend) / ("data.mdb" if backend == "lmdb" else "magellan.db")
    content = data.read_bytes()
    at = [found.end() for found in re.finditer(magic, content)]
    assert at
    for one in at:
        content = content[:one] + b"\x63" + content[one + 1 :]
    data.write_bytes(content)
    with (
        open_store(tmp_path, "read", backend=backend) as store,
        pytest.raises(IndexDamagedError),
        store.read() as reader,
    ):
        dump(reader)


SPOIL = {
    "value cut": lambda key, value: (key, value[: len(value) // 2]),
    "value grown": lambda key, value: (key, value + b"\xff"),
    "value inverted": lambda key, value: (key, bytes(byte ^ 0xFF for byte in value)),
    "key cut": lambda key, value: (key[:2], value),
    "key changed": lambda key, value: (key[:1] + b"\xb0" + key[2:], value),
}


def ask_everything(store: Store, symbol_ids: list[str]) -> None:
    """All questions, each in a transaction of its own: one that failed ends it."""
    with store.read() as reader:
        names = sorted({hit.name for symbol in symbol_ids[:2] for hit in reader.search_symbols("a", 5)})
    questions: list[Callable[[Reader], object]] = [
        dump,
        lambda reader: [reader.search_symbols(text, 20) for text in ("a", "al", "alp")],
        lambda reader: [reader.find_by_name(name) for name in names],
        lambda reader: [list(reader.iter_postings(family)) for family in Family],
        lambda reader: [list(reader.iter_labelled(label)) for label in reader.iter_labels()],
        lambda reader: (list(reader.iter_executions()), list(reader.iter_carried_kinds())),
    ]
    for symbol in symbol_ids:
        questions += [
            lambda reader, symbol=symbol: (reader.find_symbol(symbol), reader.find_labels(symbol)),
            lambda reader, symbol=symbol: (reader.find_callers(symbol), reader.find_callees(symbol)),
            lambda reader, symbol=symbol: (
                list(reader.iter_references(symbol)),
                reader.count_references(symbol),
            ),
        ]
    for question in questions:
        with contextlib.suppress(UnusableIndex), store.read() as reader:
            question(reader)


@pytest.mark.parametrize("kind", list(SPOIL))
def test_bytes_that_nobody_wrote_are_named_in_every_table(tmp_path: Path, kind: str) -> None:
    """Keys and small values have no checksum; whatever is asked of them gives an answer or says that they are damaged."""
    whole = tmp_path / "whole"
    made = [*workspace(2), make_file("long" * 200 + ".py", 7, names=["y" * 600], n_symbols=3)]
    symbols = [symbol for one in made for symbol in one.facts.symbol_ids]
    with open_store(whole) as store, store.write() as txn:
        for one in made:
            txn.replace_file(*one)
        for one in made:
            txn.replace_links(make_links(one.facts, symbols, random.Random(1)))
            txn.put_labels(one.facts.symbol_ids[0], ["kept"])
    n_spoilt = 0
    for table in Tables._fields:
        spoilt = tmp_path / table
        shutil.copytree(whole, spoilt)
        env = lmdb.open(str(lmdb_folder(spoilt)), max_dbs=32, sync=False)
        with env.begin(write=True) as txn:
            db = env.open_db(table.encode(), txn=txn)
            records = [(bytes(key), bytes(value)) for key, value in txn.cursor(db=db)]
            for key, value in records[:: max(1, len(records) // 3)]:
                if key[:1] != b"\0":  # what an index is opened by
                    txn.delete(key, db=db)
                    txn.put(*SPOIL[kind](key, value), db=db)
                    n_spoilt += 1
        env.close()
        with open_store(spoilt, "read") as store:
            ask_everything(store, symbols[:3])
    assert n_spoilt > 20


@pytest.mark.skipif(not CAN_BIND, reason="needs permissions that bind")
def test_a_read_only_index_is_read(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        before = fill(store, 3)
    place = lmdb_folder(tmp_path)
    for path in [*place.iterdir(), place]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        with permissions_bind():
            with open_store(tmp_path, "read") as store, store.read() as reader:
                assert dump(reader) == before
                assert not store.try_acquire_writer()
            with pytest.raises(NotWritable):
                open_store(tmp_path, "write")
    finally:
        place.chmod(0o700)


def test_where_the_index_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    root.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    assert index_folder(root) == root / ".magellan"
    assert index_folder(root, tmp_path / "chosen") == tmp_path / "chosen"
    in_cache = index_folder(root, in_cache=True)
    assert in_cache.is_relative_to(cache / "magellan-lsp")
    assert in_cache != index_folder(tmp_path, in_cache=True)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert index_folder(root) == in_cache
    assert not cache.exists()
    lmdb_folder(root / ".magellan").mkdir(parents=True)
    assert index_folder(root) == root / ".magellan"  # there is one already, which can be read


def test_every_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MagellanError) as caught:
        open_store(tmp_path / "x", "read")
    assert str(caught.value)
    assert caught.value.path == tmp_path / "x"


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.close()
    with pytest.raises(ValueError, match="closed"), store.read():
        pass
