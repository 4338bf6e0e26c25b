"""A workspace given as texts, indexed into the memory store, and questions asked at marked places.

In a text ``«name»`` marks a place by the word inside; the marks themselves are taken out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import attrs
import pytest

from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.languages.registry import get_language, language_name
from magellan_lsp.query.snapshot import CONFIG_PREFIX, Overlay, Snapshot, StoreSource
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.store.base import FileRecord
from magellan_lsp.store.codec import decode_facts, encode_facts
from magellan_lsp.store.memory import MemoryStore

_MARK = re.compile(r"«([^«»]*)»")


def facts_of(path: str, data: bytes) -> FileFacts:
    """A file's facts in the form in which an index gives them back."""
    name = language_name(path, data)
    assert name is not None, path
    return decode_facts(encode_facts(extract(path, get_language(name), data)))


@attrs.define
class World:
    """A workspace whose texts hold marks; ``at("word")`` is the place of the first mark around that word."""

    store: MemoryStore
    files: dict[str, bytes]
    marks: dict[str, tuple[str, int]]
    closing: ExitStack

    def at(self, mark: str) -> tuple[str, int]:
        return self.marks[mark]

    def snapshot(self, overlay: Mapping[str, str | None] | None = None, **more) -> Snapshot:
        reader = self.closing.enter_context(self.store.read())
        texts = dict(self.files)
        laid: dict[str, FileFacts | None] = {}
        for path, text in (overlay or {}).items():
            if text is None:
                texts.pop(path, None)
                laid[path] = None
            else:
                texts[path] = text.encode("utf-8", "surrogateescape")
                laid[path] = facts_of(path, texts[path])
        return Snapshot(StoreSource(reader, Overlay(laid)), read_text=texts.get, **more)

    def text(self, path: str, span: tuple[int, int], overlay: Mapping[str, str] | None = None) -> str:
        data = overlay[path].encode() if overlay and path in overlay else self.files[path]
        return data[span[0] : span[1]].decode()

    def line(self, path: str, offset: int) -> int:
        """0-based."""
        return self.files[path].count(b"\n", 0, offset)

    def shown(self, path: str, span: tuple[int, int]) -> str:
        """``path:LINE:text``, the line 1-based."""
        return f"{path}:{self.line(path, span[0]) + 1}:{self.text(path, span)}"


def build(
    sources: Mapping[str, str], closing: ExitStack, configs: Mapping[str, bytes] | None = None
) -> World:
    files: dict[str, bytes] = {}
    marks: dict[str, tuple[str, int]] = {}
    for path, text in sources.items():
        plain = ""
        last = 0
        for found in _MARK.finditer(text):
            plain += text[last : found.start()]
            marks.setdefault(found[1], (path, len(plain.encode())))
            plain += found[1]
            last = found.end()
        files[path] = (plain + text[last:]).encode("utf-8", "surrogateescape")
    store = MemoryStore()
    facts = {path: facts_of(path, data) for path, data in files.items() if language_name(path, data)}
    with store.write() as txn:
        for path, one in facts.items():
            txn.replace_file(
                FileRecord(
                    path,
                    one.language,
                    one.digest,
                    len(files[path]),
                    0,
                    len(one.symbol_ids),
                    len(one.occ_start),
                    False,
                    "",
                ),
                one,
            )
    if configs:
        with store.write() as txn:
            for path, data in configs.items():
                txn.put_meta(CONFIG_PREFIX + path, data)
            txn.put_meta(CONFIG_PREFIX, "\n".join(sorted(configs)).encode())
    with store.read() as reader:
        source = StoreSource(reader)
        links = [link(Resolver(source), one) for one in facts.values()]
    with store.write() as txn:
        for made in links:
            txn.replace_links(made)
    return World(store, files, marks, closing)


@pytest.fixture
def world() -> Iterator[Callable[[Mapping[str, str]], World]]:
    with ExitStack() as closing:
        yield lambda sources, configs=None: build(sources, closing, configs)
