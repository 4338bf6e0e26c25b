"""A workspace in memory for the measures of this folder: sources in, the server's own answers out, no process.

Places are those of the oracles' answers: ``[path, line, character, line, character]``, 0-based, UTF-16 units.
"""

from __future__ import annotations

import os
import sys
import time
from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.setrecursionlimit(20_000)  # as the indexer's processes do: inference follows long chains of calls

from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.links import FileLinks
from magellan_lsp.languages.registry import get_language, language_name
from magellan_lsp.query import call_hierarchy
from magellan_lsp.query.answers import Occurrence
from magellan_lsp.query.definition import definition
from magellan_lsp.query.references import references
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.source import MemorySource
from magellan_lsp.resolve.stored import CONFIG_PREFIX, StoreSource
from magellan_lsp.resolve.types import Ref
from magellan_lsp.store.base import FileRecord
from magellan_lsp.store.memory import MemoryStore

CONFIGS = {
    "pyproject.toml", "setup.cfg", "go.mod", "go.work", "Cargo.toml", "package.json", "tsconfig.json", "jsconfig.json",
    "compile_commands.json", "pom.xml", "build.gradle",
}  # fmt: skip
SKIP = {"node_modules", ".git", "target", ".magellan"}
#: Larger files are left out, in bytes.
MAX_SIZE = 4_000_000
Place = list[Any]


class Texts:
    """Line starts and columns of the files, UTF-16 as the oracle's answers."""

    def __init__(self) -> None:
        self.lines: dict[str, list[bytes]] = {}
        self.starts: dict[str, list[int]] = {}

    def add(self, path: str, source: bytes) -> None:
        lines = source.split(b"\n")
        starts, at = [], 0
        for line in lines:
            starts.append(at)
            at += len(line) + 1
        self.lines[path], self.starts[path] = lines, starts

    def offset(self, path: str, line: int, character: int) -> int:
        text = self.lines[path][line].decode("utf-8", "replace").encode("utf-16-le")[: character * 2]
        return self.starts[path][line] + len(text.decode("utf-16-le", "replace").encode())

    def position(self, path: str, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts[path], offset) - 1
        text = self.lines[path][line][: offset - self.starts[path][line]].decode("utf-8", "replace")
        return line, len(text.encode("utf-16-le")) // 2

    def line(self, path: str, line: int) -> str:
        return self.lines[path][line].decode("utf-8", "replace") if path in self.lines else ""

    def place(self, path: str, start: int, end: int) -> Place:
        return [path, *self.position(path, start), *self.position(path, end)]


class Workspace:
    """All facts and links of some sources, in a store in memory; asked through ``query/`` as the server asks.

    Args:
        contents: the bytes of sources and project files, by path relative to the root.

    Attributes:
        files, sources: facts and bytes of what is a source.
        extract_s, link_s: seconds of processor time that extraction and linking took.
    """

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.texts = Texts()
        self.files: dict[str, FileFacts] = {}
        self.sources: dict[str, bytes] = {}
        configs = {path: data for path, data in contents.items() if path.rpartition("/")[2] in CONFIGS}
        began = time.process_time()
        for path, source in contents.items():
            language = language_name(path, source)
            if language is not None and len(source) < MAX_SIZE:
                self.sources[path] = source
                self.texts.add(path, source)
                self.files[path] = extract(path, get_language(language), source)
        self.extract_s = time.process_time() - began
        began = time.process_time()
        resolver = Resolver(MemorySource(self.files.values(), configs))
        links = [link(resolver, facts) for facts in self.files.values()]
        self.link_s = time.process_time() - began
        self.snapshot = self._stored(links, configs)

    @classmethod
    def of(cls, root: Path) -> Workspace:
        """The workspace that a folder is."""
        contents = {}
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in SKIP)
            for name in sorted(names):
                path = Path(folder) / name
                relative = path.relative_to(root).as_posix()
                if (name in CONFIGS or language_name(relative)) and not path.is_symlink():
                    contents[relative] = path.read_bytes()
        return cls(contents)

    def _stored(self, links: list[FileLinks], configs: dict[str, bytes]) -> Snapshot:
        store = MemoryStore()
        with store.write() as txn:
            for facts in self.files.values():
                txn.replace_file(_record(facts), facts)
            for path, data in configs.items():
                txn.put_meta(CONFIG_PREFIX + path, data)
            txn.put_meta(CONFIG_PREFIX, "\n".join(sorted(configs)).encode())
            for one in links:
                txn.replace_links(one, self.files[one.path])
        self._reading = store.read()
        source = StoreSource(self._reading.__enter__())
        return Snapshot(source, read_text=self.sources.get)

    def definition(self, path: str, offset: int) -> list[Place]:
        return [
            self.texts.place(one.path, one.name.start, one.name.end)
            for one in definition(self.snapshot, path, offset).places
        ]

    def references(self, path: str, offset: int) -> list[Place]:
        return [self._place(one) for one in references(self.snapshot, path, offset, False)]

    def calls(self, path: str, offset: int, direction: str) -> tuple[list[Place], list[Place]]:
        """The other functions' names and the sites of the calls."""
        others, sites = [], []
        for item in call_hierarchy.prepare(self.snapshot, path, offset):
            for call in getattr(call_hierarchy, direction)(self.snapshot, item.ref):
                name = call.symbol.place.name
                others.append(self.texts.place(call.symbol.path, name.start, name.end))
                sites += [self._place(site) for site in call.sites]
        return unique(others), sites

    def edges(self) -> set[tuple[Ref, Ref]]:
        """(caller, callee) of all calls in the stored graph; top-level code is its file's row 0."""
        reader, find = self.snapshot.reader, self.snapshot.find
        named = {
            (find(caller), find(callee)) for caller, callees in reader.iter_calls() for callee in callees
        }
        return {(caller, callee) for caller, callee in named if caller is not None and callee is not None}

    def _place(self, one: Occurrence) -> Place:
        return self.texts.place(one.path, one.span.start, one.span.end)


def _record(facts: FileFacts) -> FileRecord:
    symbols, occurrences = len(facts.symbol_ids), len(facts.occ_start)
    return FileRecord(
        facts.path, facts.language, facts.digest, facts.size, 0, symbols, occurrences, False, ""
    )


def unique(places: list[Place]) -> list[Place]:
    """Each place once."""
    return [list(place) for place in dict.fromkeys(tuple(place) for place in places)]
