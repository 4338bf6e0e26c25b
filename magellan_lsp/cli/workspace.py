"""The workspace that a command is about: its root, its index brought up to date, and snapshots to ask.

Tests: ``tests/cli/test_index.py``.
"""

from __future__ import annotations

import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from magellan_lsp.errors import Cancelled, IndexBusyError, IndexMissing, NotWritable, UsageError
from magellan_lsp.settings import Settings, from_command_line, read_settings
from magellan_lsp.store.open import FOLDER, Mode, backend_folder, index_folder, open_store

if TYPE_CHECKING:
    from magellan_lsp.indexer.detailing import Detailer
    from magellan_lsp.indexer.pipeline import Indexer, IndexSummary
    from magellan_lsp.indexer.runs import Runs
    from magellan_lsp.query.snapshot import Snapshot
    from magellan_lsp.session.installed import PackageFiles
    from magellan_lsp.store.base import Store

#: A folder with one of these is a workspace's root; the nearest one upward counts.
ROOTS = (FOLDER, ".git", ".hg", ".svn")
#: Where there is none of those, the nearest folder with one of these.
PROJECT_FILES = (
    *(
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "Cargo.toml",
        "go.mod",
        "go.work",
        "package.json",
        "tsconfig.json",
    ),
    *(
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "CMakeLists.txt",
        "compile_commands.json",
        "meson.build",
    ),
)

#: Called with a phase ("scan", "extract", "link"), how many files are done, and of how many.
Progress = Callable[[str, int, int], None]


@attrs.frozen
class Workspace:
    """A root folder, its settings, and where its index is."""

    root: Path
    index: Path
    settings: Settings
    arguments: tuple[str, ...] = ()
    """The command line that is about it, for the log of what writes the index."""

    def relative(self, path: str | Path) -> str:
        """A path as the index has it: relative to the root, with ``/``. Given relative to the current folder.

        Raises:
            UsageError: it lies outside the workspace.
        """
        at = Path(path)
        full = at if at.is_absolute() else Path.cwd() / at
        for candidate in (_plain(full), _plain(full.resolve())):
            for root in (self.root, self.root.resolve()):
                if candidate.is_relative_to(root):
                    return candidate.relative_to(root).as_posix()
        raise UsageError(f"{path} lies outside the workspace {self.root}; choose another with --root DIR.")

    def shown(self, path: str) -> str:
        """An indexed path as a person can use it: relative to the current folder where it is below it."""
        full = self.root / path
        try:
            return str(full.relative_to(Path.cwd()))
        except (ValueError, OSError):
            return str(full)

    def read_text(self, path: str) -> bytes | None:
        """The bytes of a file on disk; None when they cannot be read."""
        try:
            return (self.root / path).read_bytes()
        except OSError:
            return None


def find_workspace(options: Namespace, near: str | None = None) -> Workspace:
    """The workspace that the options name, or the one around ``near`` (a file) or the current folder.

    Raises:
        UsageError: ``--root`` is not a folder.
    """
    read = read_settings(from_command_line(options.set))
    for warning in read.warnings:
        print(f"magellan-lsp: {warning}", file=sys.stderr)
    if options.root:
        root = _plain(Path(options.root).absolute())
        if not root.is_dir():
            raise UsageError(f"--root {options.root} is not a folder.")
    else:
        root = around(Path(near).absolute().parent if near else Path.cwd())
    location = read.settings.index_location
    chosen: Path | None = None
    if options.index:
        chosen = Path(options.index).absolute()
    elif location not in ("workspace", "cache"):
        chosen = Path(location)
    index = index_folder(root, chosen, in_cache=location == "cache")
    return Workspace(root, index, read.settings, getattr(options, "given", ()))


def around(folder: Path) -> Path:
    """The workspace around a folder: the nearest one upward with an index or a repository, else the nearest
    with a project file, else the folder itself.
    """
    folders = [folder, *folder.parents]
    for names in (ROOTS, PROJECT_FILES):
        for at in folders:
            if any((at / name).exists() for name in names):
                return at
    return folder


def _plain(path: Path) -> Path:
    """Without ``.`` and ``..``, links kept as they are spelled."""
    import os

    return Path(os.path.normpath(path))


def worker_count(settings: Settings) -> int:
    """How many processes index: what the settings say, or one per processor."""
    import os

    return settings.workers or os.cpu_count() or 1


@contextmanager
def opened(workspace: Workspace, *, refresh: bool = True) -> Iterator[Store]:
    """The index, made when there is none and brought up to date first unless ``refresh`` is false.

    While another process (a server) keeps the index up to date, it is read as it is.

    Raises:
        IndexMissing: there is none and ``refresh`` is false.
        Cancelled: Ctrl-C while indexing; what was indexed stays.
    """
    is_new = not index_place(workspace).is_dir()
    if is_new and not refresh:
        raise IndexMissing(workspace.index)
    store = open_for_work(workspace) if refresh else open_index(workspace, "read")
    try:
        if refresh and is_writer(store):
            if is_new:
                print(f"magellan-lsp: indexing {workspace.root} for the first time ...", file=sys.stderr)
            from magellan_lsp.cli.progress import progress_bar
            from magellan_lsp.indexer.runs import add

            with progress_bar(quiet=not is_new) as tell, runs_of(workspace, store).changes() as run:
                summary = refreshed(workspace, store, tell)
                add(run, summary)
            if not summary.complete:
                raise Cancelled()
        elif not refresh:
            from magellan_lsp.migrate.automatic import finish_answers

            finish_answers(store, workspace.root)
        yield store
    finally:
        store.close()


def is_writer(store: Store) -> bool:
    """Whether this process may write the index."""
    return store.try_acquire_writer()


def index_place(workspace: Workspace) -> Path:
    """The folder of the index itself, which is that of its backend."""
    return backend_folder(workspace.index, workspace.settings.backend)


def open_index(workspace: Workspace, mode: Mode = "write") -> Store:
    """The index, in the backend that the settings say. As :func:`magellan_lsp.store.open.open_store`."""
    return open_store(workspace.index, mode, backend=workspace.settings.backend, root=workspace.root)


def open_for_work(workspace: Workspace) -> Store:
    """The index for writing; for reading, with a word about it, where that cannot be."""
    try:
        return open_index(workspace)
    except IndexBusyError as error:
        who = f"process {error.pid}" if error.pid else "another process"
        print(
            f"magellan-lsp: {who} keeps this index up to date; answering from it as it is.", file=sys.stderr
        )
    except NotWritable:
        if not index_place(workspace).is_dir():
            raise
        print(
            f"magellan-lsp: {workspace.index} cannot be written; answering from it as it is.", file=sys.stderr
        )
    return open_index(workspace, "read")


def runs_of(workspace: Workspace, store: Store) -> Runs:
    """The execution log of a store that is open for writing."""
    from magellan_lsp.indexer.runs import Runs

    return Runs(store, workspace.root, workspace.index, workspace.arguments)


def refreshed(workspace: Workspace, store: Store, tell: Progress | None = None) -> IndexSummary:
    """Bring an index up to date; Ctrl-C ends it between two commits, with ``complete`` false.

    An index of Magellan in the workspace is taken over first, once.
    """
    if workspace.settings.migration_enabled:
        from magellan_lsp.migrate.automatic import take_over

        report = take_over(
            store, workspace.root, chosen=workspace.settings.migration_path, tell=tell or _quietly
        )
        if report is not None:
            print(f"magellan-lsp: {report['message']}", file=sys.stderr)
    with indexing(workspace, store) as indexer, interruptible() as stopped:
        summary = indexer.refresh(progress=tell, cancelled=stopped.is_set)
    if summary.complete:
        from magellan_lsp.migrate.prune import prune

        prune(store, workspace.root)
        if summary.indexed or summary.removed or summary.linked:
            store.settle()
    return summary


def _quietly(phase: str, done: int, total: int) -> None:
    """Nobody watches."""


@contextmanager
def indexing(workspace: Workspace, store: Store) -> Iterator[Indexer]:
    """An indexer of the workspace, closed at the end."""
    from magellan_lsp.indexer.pipeline import Indexer

    indexer = Indexer(workspace.root, store, workspace.settings, workers=worker_count(workspace.settings))
    try:
        yield indexer
    finally:
        indexer.close()


@contextmanager
def detailing(
    workspace: Workspace, store: Store, names: Iterable[str] | None = None, *, helpers: int = 1
) -> Iterator[Detailer]:
    """What works out what navigation does not need; its helpers are ended at the end.

    ``names``: what, as the setting ``details.background`` has it, which is the default.
    """
    from magellan_lsp.indexer.detailing import Detailer, details_named

    settings = workspace.settings
    wanted = details_named(settings.details_background if names is None else names)
    detailer = Detailer(workspace.root, store, wanted, max_bytes=settings.max_file_size, helpers=helpers)
    try:
        yield detailer
    finally:
        detailer.rest()


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C (or SIGTERM) sets; the second one interrupts as usual."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    kept: dict[int, Any] = {}
    number: int

    def on_signal(number: int, _frame: object) -> None:
        stopped.set()
        signal.signal(number, kept[number])

    for number in (signal.SIGINT, signal.SIGTERM):
        kept[number] = signal.signal(number, on_signal)
    try:
        yield stopped
    finally:
        for number, before in kept.items():
            signal.signal(number, before)


@contextmanager
def snapshot(workspace: Workspace, *, refresh: bool = True, installed: bool = False) -> Iterator[Snapshot]:
    """What a question is asked of, on the index brought up to date (see :func:`opened`).

    ``installed``: also look into installed packages where the workspace knows nothing, unless the settings forbid it.
    """
    from magellan_lsp.extract.engine import digest_of
    from magellan_lsp.query.snapshot import Snapshot, StoreSource
    from magellan_lsp.resolve.resolver import Resolver

    with opened(workspace, refresh=refresh) as store, store.read() as reader:
        packages = _packages(workspace) if installed and workspace.settings.dependencies_enabled else None

        def read_text(path: str) -> bytes | None:
            """The file's bytes, if they are still those that were indexed: spans mean nothing in others."""
            record = reader.find_file(path)
            if record is None and packages is not None and packages.covers(path):
                return packages.config(path)
            data = workspace.read_text(path) if record is not None else None
            same = data is not None and record is not None and digest_of(data) == record.digest
            return data if same else None

        source = StoreSource(reader)
        wide = Resolver(source, packages) if packages is not None else None
        yield Snapshot(source, read_text=read_text, wide=wide)


def _packages(workspace: Workspace) -> PackageFiles:
    """The installed packages of a workspace; nothing is looked at before a question leads there."""
    import os
    from functools import partial

    from magellan_lsp.indexer.ignore import Matcher
    from magellan_lsp.session.caches import Bounded, DiskTexts, facts_cost
    from magellan_lsp.session.installed import PackageFiles, places

    settings, folder = workspace.settings, os.path.realpath(workspace.root)
    matcher = Matcher(
        folder, include=settings.include, exclude=settings.exclude, max_file_size=settings.max_file_size
    )
    room = settings.cache_limit_mb << 20
    return PackageFiles(
        folder,
        partial(places, folder, settings),
        DiskTexts(room // 8, settings.max_file_size),
        Bounded(room // 4, facts_cost),
        partial(matcher.ignored, is_folder=True),
    )
