"""The ways in which a case is asked about: the resolver over facts in memory, and every store backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from support.cases import Case
from support.render import Ref, Site

from magellan_lsp.extract.details import graphs_of
from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.facts.file_facts import KEYWORD, FileFacts
from magellan_lsp.facts.kinds import DefKind, Role
from magellan_lsp.facts.links import FileLinks, RelationKind
from magellan_lsp.languages.registry import get_language, language_name
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.rules import CLASS_LIKE
from magellan_lsp.resolve.source import FactsSource, MemorySource
from magellan_lsp.resolve.stored import CONFIG_PREFIX, StoreSource
from magellan_lsp.store.base import FileRecord, Store
from magellan_lsp.store.second_tier import Details


@lru_cache(maxsize=256)
def facts_of(path: str, data: bytes) -> FileFacts:
    """A file's facts."""
    name = language_name(path, data)
    assert name is not None, f"{path} is of no language"
    return extract(path, get_language(name), data)


def extract_case(case: Case) -> dict[str, FileFacts]:
    """The facts of every source file of a case."""
    return {path: facts_of(path, data) for path, data in case.files.items()}


class ResolverWorld:
    """Asks the resolver, and finds references by linking every file on the spot."""

    def __init__(
        self, files: Mapping[str, FileFacts], source: FactsSource, texts: Mapping[str, bytes]
    ) -> None:
        self.files = files
        self.texts = texts
        self.resolver = Resolver(source)
        self._links: dict[str, FileLinks] | None = None

    @classmethod
    def of(cls, case: Case) -> ResolverWorld:
        files = extract_case(case)
        return cls(files, MemorySource(files.values(), case.configs), case.files)

    @property
    def links(self) -> dict[str, FileLinks]:
        """Each file linked by a resolver of its own, as the indexer may do it."""
        if self._links is None:
            source = self.resolver.source
            self._links = {path: link(Resolver(source), facts) for path, facts in self.files.items()}
        return self._links

    def facts(self, path: str) -> FileFacts:
        found = self.resolver.facts(path)
        assert found is not None, path
        return found

    def targets_at(self, path: str, offset: int) -> list[list[Ref]]:
        facts = self.facts(path)
        row = facts.occurrence_at(offset)
        found = []
        if row >= 0 and facts.occ_start[row] <= offset < facts.occ_end[row]:
            for other in range(row, len(facts.occ_start)):
                if facts.occ_start[other] != facts.occ_start[row]:
                    break
                found.append(self.resolver.occurrence_targets(path, other))
        return found

    def references(self, ref: Ref) -> set[Site]:
        symbol = self.facts(ref[0]).symbol_id(ref[1])
        if symbol is None:
            return local_references(self.facts(ref[0]), ref) | self.keywords(ref)
        return {
            Site(path, facts.occ_start[found.occurrence], facts.occ_end[found.occurrence])
            for path, facts in self.files.items()
            for found in self.links[path].links
            if found.target == symbol
        }

    def keywords(self, ref: Ref) -> set[Site]:
        """Keyword arguments that name a parameter: parameters are no symbols, so nothing is stored of these."""
        if self.resolver.kind_of(ref) != DefKind.PARAMETER:
            return set()
        return {
            Site(path, facts.occ_start[row], facts.occ_end[row])
            for path, facts in self.files.items()
            for row, target in enumerate(facts.occ_target)
            if target == KEYWORD and ref in self.resolver.occurrence_targets(path, row)
        }

    def calls(self, callee: Ref) -> set[tuple[Site, Ref]]:
        symbol = self.facts(callee[0]).symbol_id(callee[1])
        found = set()
        for path, facts in self.files.items():
            for one in self.links[path].links:
                if one.target == symbol and facts.occ_role[one.occurrence] == Role.CALL:
                    site = Site(path, facts.occ_start[one.occurrence], facts.occ_end[one.occurrence])
                    found.add((site, (path, max(0, facts.enclosing_symbol(facts.occ_scope[one.occurrence])))))
        return found | local_calls(self.facts(callee[0]), callee)

    def related(self, ref: Ref, kind: RelationKind) -> set[Ref]:
        symbol = self.facts(ref[0]).symbol_id(ref[1])
        targets = {
            relation.target
            for relation in self.links[ref[0]].relations
            if relation.symbol == symbol and relation.kind == kind
        }
        return {
            (path, row)
            for path, facts in self.files.items()
            for row in facts.symbols()
            if facts.symbol_id(row) in targets
        }

    def types_at(self, path: str, offset: int) -> list[Ref]:
        return types_at(self.resolver, self.targets_at(path, offset))

    def graphs(self, path: str) -> Sequence[Cfg]:
        facts = self.files[path]
        return graphs_of(get_language(facts.language), self.texts[path], facts)


class StoreWorld(ResolverWorld):
    """Asks a store: forward questions through its facts, reverse ones through its stored links."""

    def __init__(self, case: Case, store: Store) -> None:
        files = extract_case(case)
        self._store = store
        self._fill(case, files)
        self._entered = store.read()
        self.reader = self._entered.__enter__()
        super().__init__(files, StoreSource(self.reader), case.files)

    def close(self) -> None:
        """Give the reader back."""
        self._entered.__exit__(None, None, None)

    def _fill(self, case: Case, files: Mapping[str, FileFacts]) -> None:
        with self._store.write() as txn:
            for facts in files.values():
                txn.replace_file(record_of(facts), facts)
            for path, data in case.configs.items():
                txn.put_meta(CONFIG_PREFIX + path, data)
            if case.configs:
                txn.put_meta(CONFIG_PREFIX, "\n".join(sorted(case.configs)).encode())
        with self._store.read() as reader:
            source = StoreSource(reader)
            links = [link(Resolver(source), facts) for facts in files.values()]
        with self._store.write() as txn:
            for one in links:
                txn.replace_links(one, files[one.path])

        if any(mark.verb == "block" for mark in case.marks):
            with self._store.write() as txn:
                for path, facts in files.items():
                    cfgs = graphs_of(get_language(facts.language), case.files[path], facts)
                    txn.put_details(path, facts.digest, Details(cfgs=cfgs))

    def graphs(self, path: str) -> Sequence[Cfg]:
        found = self.reader.find_cfgs(path)
        assert found is not None
        return found

    def references(self, ref: Ref) -> set[Site]:
        symbol = self.facts(ref[0]).symbol_id(ref[1])
        if symbol is None:
            return local_references(self.facts(ref[0]), ref) | self.keywords(ref)
        return {Site(one.path, one.start, one.end) for one in self.reader.iter_references(symbol)}

    def calls(self, callee: Ref) -> set[tuple[Site, Ref]]:
        symbol = self.facts(callee[0]).symbol_id(callee[1])
        found = {
            (Site(one.path, one.start, one.end), (one.path, one.container))
            for one in (self.reader.iter_references(symbol) if symbol else ())
            if one.role == Role.CALL
        }
        return found | local_calls(self.facts(callee[0]), callee)

    def related(self, ref: Ref, kind: RelationKind) -> set[Ref]:
        symbol = self.facts(ref[0]).symbol_id(ref[1])
        return {
            (path, row)
            for path, facts in self.files.items()
            for row in facts.symbols()
            for place in self.reader.iter_related(facts.symbol_ids[facts.def_symbol[row]], kind)
            if place.symbol_id == symbol
        }


def record_of(facts: FileFacts) -> FileRecord:
    """What the indexer notes of a file."""
    return FileRecord(
        facts.path,
        facts.language,
        facts.digest,
        facts.size,
        0,
        len(facts.symbol_ids),
        len(facts.occ_start),
        False,
        "",
    )


def local_references(facts: FileFacts, ref: Ref) -> set[Site]:
    """Occurrences of a definition that is no symbol: extraction bound them."""
    return {
        Site(ref[0], facts.occ_start[row], facts.occ_end[row])
        for row, target in enumerate(facts.occ_target)
        if target == ref[1] and facts.occ_role[row] > Role.DECLARATION
    }


def local_calls(facts: FileFacts, ref: Ref) -> set[tuple[Site, Ref]]:
    """Calls of a local function."""
    if facts.symbol_id(ref[1]) is not None:
        return set()
    return {
        (
            Site(ref[0], facts.occ_start[row], facts.occ_end[row]),
            (ref[0], max(0, facts.enclosing_symbol(facts.occ_scope[row]))),
        )
        for row, target in enumerate(facts.occ_target)
        if target == ref[1] and facts.occ_role[row] == Role.CALL
    }


def types_at(resolver: Resolver, targets: list[list[Ref]]) -> list[Ref]:
    """The types of the values of what a token refers to, built-ins left out."""
    found: dict[Ref, None] = {}
    for ref in [ref for refs in targets for ref in refs]:
        if resolver.kind_of(ref) in CLASS_LIKE:
            found[ref] = None
            continue
        for one in resolver.value_of(ref):
            target = resolver.ref_of(one)
            if (
                one[0] in (t.INSTANCE, t.TYPE, t.SELF)
                and target is not None
                and not resolver.is_builtin(target)
            ):
                found[target] = None
    return list(found)
