"""Check the installation, the machine and the index, and say what to do about what is wrong.

Changes nothing. The exit code is 0 when all is well or only noteworthy, 3 when something is wrong.

Tests: ``tests/cli/test_index.py``.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import attrs

from magellan_lsp import __version__
from magellan_lsp.cli.show import Out, Style, plural, size
from magellan_lsp.cli.workspace import Workspace, find_workspace, index_place, open_index
from magellan_lsp.errors import IndexMissing, MagellanError
from magellan_lsp.store.base import Reader
from magellan_lsp.store.open import other_indexes

State = Literal["ok", "note", "wrong"]

#: Distributions that we need at run time.
PACKAGES = (
    *("attrs", "blake3", "cattrs", "lmdb", "lsprotocol", "msgspec", "pathspec", "pygls", "rich", "rustworkx"),
    *("tree-sitter", "tree-sitter-language-pack", "watchfiles"),
)
#: Less than this much room is worth a note.
LITTLE_SPACE = 500_000_000
#: Fewer inotify watches than this are used up by a large workspace and an editor beside it.
FEW_WATCHES = 65_536
#: So many indexed files are compared with the disk.
SAMPLE = 50

_MARKS: dict[State, tuple[str, Style]] = {
    "ok": ("ok   ", "good"),
    "note": ("note ", "warn"),
    "wrong": ("wrong", "bad"),
}


@attrs.frozen
class Check:
    """One thing looked at."""

    group: str
    name: str
    state: State
    detail: str
    advice: str = ""
    """What to do about it; "" when all is well."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--seed", type=int, help="choose the sample of files by this number")


def run(options: argparse.Namespace, out: Out) -> int:
    """Look at everything and report."""
    workspace = find_workspace(options)
    checks: list[Check] = []
    group = ""
    for check in _all_checks(workspace, options.seed):
        checks.append(check)
        if check.group != group:
            group = check.group
            out.line((group, "head"))
        out.line("  ", _MARKS[check.state], " ", (f"{check.name:18}", "name"), f" {check.detail}")
        if check.advice:
            out.line(" " * 27, (f"→ {check.advice}", _MARKS[check.state][1]))
    n_wrong = sum(check.state == "wrong" for check in checks)
    out.line(f"{n_wrong} of {len(checks)} checks failed." if n_wrong else "All is well.")
    out.json({"healthy": not n_wrong, "checks": [attrs.asdict(check) for check in checks]})
    return 3 if n_wrong else 0


def _all_checks(workspace: Workspace, seed: int | None) -> Iterator[Check]:
    yield from _installation()
    yield from _machine(workspace)
    yield from _index(workspace, seed)


def _installation() -> Iterator[Check]:
    from importlib import metadata

    yield Check("installation", "magellan-lsp", "ok", f"{__version__} in {Path(__file__).parents[1]}")
    version = platform.python_version()
    yield Check("installation", "python", "ok", f"{version} ({sys.executable})")
    missing = []
    versions = []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Check(
            "installation",
            "packages",
            "wrong",
            f"missing: {', '.join(missing)}",
            "Install magellan-lsp again.",
        )
    else:
        yield Check("installation", "packages", "ok", ", ".join(versions))
    yield from _grammars()


def _grammars() -> Iterator[Check]:
    from magellan_lsp.extract.engine import extract
    from magellan_lsp.languages.registry import get_language, names

    good = []
    for name in names():
        try:
            extract("check", get_language(name), b"x")
        except ImportError as error:
            yield Check("installation", f"grammar {name}", "wrong", str(error), "Install magellan-lsp again.")
        except Exception as error:  # noqa: BLE001 - a broken grammar may fail in any way, and is reported
            yield Check(
                "installation",
                f"grammar {name}",
                "wrong",
                f"{type(error).__name__}: {error}",
                "Please report this.",
            )
        else:
            good.append(name)
    yield Check("installation", "grammars", "ok" if good else "wrong", ", ".join(good) or "none loads")


def _machine(workspace: Workspace) -> Iterator[Check]:
    yield Check(
        "machine", "system", "ok", f"{platform.system()} {platform.release()}, {os.cpu_count()} processors"
    )
    yield Check("machine", "file names", *_file_names())
    yield _room(workspace)
    yield _writable(workspace)
    if sys.platform == "linux":
        yield from _inotify()


def _file_names() -> tuple[State, str, str]:
    encoding = sys.getfilesystemencoding()
    if encoding.lower().replace("-", "") == "utf8":
        return "ok", encoding, ""
    return "note", encoding, "File names that are not ASCII need a UTF-8 locale (PYTHONUTF8=1)."


def _existing(path: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    while not path.is_dir() and path.parent != path:
        path = path.parent
    return path


def _room(workspace: Workspace) -> Check:
    try:
        free = shutil.disk_usage(_existing(workspace.index)).free
    except OSError as error:
        return Check("machine", "free space", "note", str(error))
    if free < LITTLE_SPACE:
        return Check(
            "machine",
            "free space",
            "note",
            size(free),
            "Free some, or keep the index elsewhere with --index DIR.",
        )
    return Check("machine", "free space", "ok", f"{size(free)} where the index is")


def _writable(workspace: Workspace) -> Check:
    folder = _existing(workspace.index)
    if os.access(folder, os.W_OK | os.X_OK):
        return Check("machine", "index folder", "ok", f"{workspace.index} can be written")
    return Check(
        "machine", "index folder", "wrong", f"{folder} cannot be written", "Choose another with --index DIR."
    )


def _inotify() -> Iterator[Check]:
    for name, enough in (
        ("max_user_watches", FEW_WATCHES),
        ("max_user_instances", 128),
        ("max_queued_events", 16_384),
    ):
        path = Path("/proc/sys/fs/inotify") / name
        try:
            value = int(path.read_text())
        except (OSError, ValueError):
            continue
        if value >= enough:
            yield Check("machine", name, "ok", f"{value:,}")
        else:
            yield Check(
                "machine",
                name,
                "note",
                f"{value:,}",
                f"A large workspace needs more: sysctl fs.inotify.{name}={enough}",
            )


def _index(workspace: Workspace, seed: int | None) -> Iterator[Check]:
    yield Check("index", "workspace", "ok", str(workspace.root))
    for other in other_indexes(workspace.index):
        yield Check(
            "index", "unused", "note", str(other), "Of another version or set aside; it can be deleted."
        )
    try:
        store = open_index(workspace, "read")
    except IndexMissing:
        yield Check("index", "index", "note", f"none at {workspace.index}", "`magellan-lsp index` makes one.")
        return
    except MagellanError as error:
        yield Check("index", "index", "wrong", str(error), "Delete that folder and run `magellan-lsp index`.")
        return
    try:
        stats = store.stats()
        counts = f"{plural(stats.get('files', 0), 'file')}, {plural(stats.get('symbols', 0), 'symbol')}"
        yield Check(
            "index",
            "index",
            "ok",
            f"{index_place(workspace)}, generation {stats.get('generation')}, {counts}",
        )
        for look in (_consistent, _fresh):
            try:
                with store.read() as reader:
                    yield from look(workspace, reader, random.Random(seed))
            except MagellanError as error:
                yield Check(
                    "index",
                    "contents",
                    "wrong",
                    str(error),
                    "Delete that folder and run `magellan-lsp index`.",
                )
    finally:
        store.close()


def _consistent(workspace: Workspace, reader: Reader, chance: random.Random) -> Iterator[Check]:
    """A sample of files: facts decode, are of the record's digest, and their symbols lead back to them."""
    records = [record for record in reader.iter_files() if not record.is_left_out]
    chosen = chance.sample(records, min(SAMPLE, len(records)))
    bad = []
    for record in chosen:
        facts = reader.find_facts(record.path)
        if facts is None or facts.digest != record.digest or len(facts.symbol_ids) != record.n_symbols:
            bad.append(record.path)
            continue
        for symbol in facts.symbols()[:20]:
            place = reader.find_symbol(facts.symbol_id(symbol) or "")
            if place is None or (place.path, place.definition) != (record.path, symbol):
                bad.append(record.path)
                break
    if bad:
        yield Check(
            "index",
            "contents",
            "wrong",
            f"contradictions in {', '.join(bad[:5])}",
            "Delete the index folder and index again.",
        )
    else:
        yield Check("index", "contents", "ok", f"{plural(len(chosen), 'file')} looked at, no contradiction")
    unlinked = sum(not record.linked for record in records)
    if unlinked:
        yield Check(
            "index",
            "links",
            "note",
            f"{plural(unlinked, 'file')} still to be linked",
            "`magellan-lsp index` finishes that.",
        )


def _fresh(workspace: Workspace, reader: Reader, chance: random.Random) -> Iterator[Check]:
    """A sample of files compared with the disk."""
    from magellan_lsp.extract.engine import digest_of

    records = [record for record in reader.iter_files() if not record.is_left_out]
    chosen = chance.sample(records, min(SAMPLE, len(records)))
    stale = []
    for record in chosen:
        data = workspace.read_text(record.path)
        if data is None or digest_of(data) != record.digest:
            stale.append(record.path)
    if stale:
        yield Check(
            "index",
            "freshness",
            "note",
            f"{len(stale)} of {plural(len(chosen), 'file')} changed since: {', '.join(stale[:5])}",
            "`magellan-lsp index` takes that in; an open server does by itself.",
        )
    else:
        yield Check(
            "index",
            "freshness",
            "ok",
            f"{plural(len(chosen), 'file')} compared with the disk, all as indexed",
        )
