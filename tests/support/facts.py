"""Valid facts and links without a parser: random ones from a seed (or from hypothesis), and small ones by
hand.

What is made here keeps every promise that ``FileFacts`` states (orders, ranges, lengths), so that a store may
be fed with it. A whole workspace of any size comes from :func:`workspace`.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from blake3 import blake3
from hypothesis import strategies as st

from magellan_lsp.facts.file_facts import COLUMNS, FileFacts, Problem
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, Role, ScopeKind
from magellan_lsp.facts.links import FileLinks, Link, Relation, RelationKind
from magellan_lsp.store.base import FileRecord

WORDS = [
    "get",
    "set",
    "run",
    "call",
    "map",
    "index",
    "store",
    "file",
    "path",
    "name",
    "value",
    "key",
    "item",
    "list",
    "open",
    "read",
    "write",
    "close",
    "parse",
    "node",
    "graph",
    "edge",
    "block",
    "scope",
    "type",
    "class",
    "method",
    "field",
    "list",
    "user",
    "order",
    "total",
    "price",
    "http",
    "server",
    "client",
    "request",
    "response",
    "token",
    "state",
]
KINDS = (DefKind.CLASS, DefKind.FUNCTION, DefKind.METHOD, DefKind.VARIABLE, DefKind.FIELD, DefKind.CONSTANT)


class Made(NamedTuple):
    record: FileRecord
    facts: FileFacts


def symbol_id(path: str, qualified: str, count: int = 0) -> str:
    return blake3(f"{path}\0{qualified}\0{count}".encode("utf-8", "surrogatepass")).hexdigest(16)


def make_name(rng: random.Random) -> str:
    words = [rng.choice(WORDS) for _ in range(rng.choice((1, 1, 2, 2, 3)))]
    style = rng.random()
    if style < 0.5:
        name = "_".join(words)
    elif style < 0.8:
        name = words[0] + "".join(word.title() for word in words[1:])
    else:
        name = "".join(word.title() for word in words)
    return name if rng.random() < 0.6 else f"{name}{rng.randrange(100)}"


def make_facts(
    path: str,
    rng: random.Random,
    *,
    n_symbols: int = 6,
    n_locals: int = 4,
    n_occurrences: int = 20,
    module: str | None = None,
    names: Sequence[str] | None = None,
    language: str = "python",
) -> FileFacts:
    """Facts of a made-up file: a module symbol, ``n_symbols`` more, locals, and occurrences of all of them.

    ``names`` is what symbols and uses are called after; made up when not given.
    """
    pool = list(names) if names is not None else [make_name(rng) for _ in range(n_symbols + n_locals + 4)]
    table: dict[str, int] = {"": 0}

    def name_of(text: str) -> int:
        return table.setdefault(text, len(table))

    columns: dict[str, list[int]] = {name: [] for name in COLUMNS}
    length = 40 * (n_symbols + n_locals + n_occurrences + 2)

    def scope(kind: ScopeKind, parent: int, start: int, end: int, definition: int) -> int:
        for key, value in zip(
            ("scope_kind", "scope_parent", "scope_start", "scope_end", "scope_def"),
            (kind, parent, start, end, definition),
            strict=True,
        ):
            columns[key].append(value)
        return len(columns["scope_kind"]) - 1

    expressions: list[tuple[int, ...]] = [(ExprOp.UNKNOWN,)]

    def expr(*parts: int) -> int:
        expressions.append(parts)
        return len(expressions) - 1

    symbol_ids: list[str] = []
    qualified: list[str] = []
    seen: dict[str, int] = {}

    def define(
        text: str, kind: int, scope_: int, owner: int, body: int, start: int, end: int, symbol: str | None
    ) -> int:
        row = -1
        if symbol is not None:
            count = seen[symbol] = seen.get(symbol, -1) + 1
            row = len(symbol_ids)
            symbol_ids.append(symbol_id(path, symbol, count))
            qualified.append(symbol)
        values = {
            "def_name": name_of(text),
            "def_kind": kind,
            "def_flags": rng.choice((DefFlag.NONE, DefFlag.EXPORTED, DefFlag.STATIC, DefFlag.ASYNC)),
            "def_name_start": start,
            "def_name_end": min(start + len(text.encode("utf-8", "surrogatepass")), end),
            "def_start": start,
            "def_end": end,
            "def_scope": scope_,
            "def_body": body,
            "def_owner": owner,
            "def_type": -1,
            "def_visible": start,
            "def_signature_end": end,
            "def_doc_start": -1,
            "def_doc_end": -1,
            "def_symbol": row,
        }
        for key, value in values.items():
            columns[key].append(value)
        return len(columns["def_name"]) - 1

    file_scope = scope(ScopeKind.FILE, -1, 0, length, 0)
    stem = path.rsplit("/", 1)[-1].split(".")[0] or "root"
    define(stem, DefKind.MODULE, -1, -1, file_scope, 0, length, "")
    owners: list[tuple[int, int, str]] = []  # definition, scope, qualified
    at = 0
    for _ in range(n_symbols):
        at += 40
        text = rng.choice(pool)
        kind = rng.choice(KINDS)
        owner, within, prefix = rng.choice(owners) if owners and rng.random() < 0.5 else (-1, file_scope, "")
        body = -1
        if kind in (DefKind.CLASS, DefKind.FUNCTION, DefKind.METHOD):
            body = len(columns["scope_kind"])
        name = f"{prefix}.{text}" if prefix else text
        definition = define(text, kind, within, owner, body, at, at + 30, name)
        if body >= 0:
            scope(
                ScopeKind.CLASS if kind == DefKind.CLASS else ScopeKind.FUNCTION,
                within,
                at,
                at + 30,
                definition,
            )
            owners.append((definition, body, name))
        if kind == DefKind.CLASS and rng.random() < 0.5:
            columns["base_def"].append(definition)
            columns["base_expr"].append(expr(ExprOp.NAME, name_of(rng.choice(pool)), within, at))
            columns["base_kind"].append(rng.randrange(3))
    for _ in range(n_locals):
        at += 40
        within = rng.choice(owners)[1] if owners else file_scope
        define(rng.choice(pool), DefKind.VARIABLE, within, -1, -1, at, at + 10, None)
    n_definitions = len(columns["def_name"])
    at = 0
    for _ in range(n_occurrences):
        at += rng.randrange(1, 60)
        target = rng.randrange(-2, n_definitions)
        text = rng.choice(pool) if target < 0 else list(table)[columns["def_name"][target]]
        for key, value in zip(
            ("occ_start", "occ_end", "occ_name", "occ_role", "occ_scope", "occ_target", "occ_expr"),
            (
                at,
                at + max(1, len(text)),
                name_of(text),
                rng.choice(list(Role)),
                rng.randrange(len(columns["scope_kind"])),
                target,
                rng.randrange(len(expressions)),
            ),
            strict=True,
        ):
            columns[key].append(value)
    for start, parts in zip(_starts(expressions), expressions, strict=True):
        columns["expr_start"].append(start)
        columns["expr_data"].extend(parts)
    columns["expr_start"].append(len(columns["expr_data"]))
    digest = blake3(repr((path, sorted(columns.items()), table, module)).encode("utf-8", "replace")).digest(
        16
    )
    header = {
        "path": path,
        "language": language,
        "digest": digest,
        "size": length,
        "names": list(table),
        "symbol_ids": symbol_ids,
        "qualified": qualified,
        "module": path.rsplit(".", 1)[0].replace("/", ".") if module is None else module,
        "groups": [f"dir:{path.rpartition('/')[0]}"],
        "problems": [Problem(0, 1, "expected an expression")] if rng.random() < 0.1 else [],
    }
    return FileFacts(header, {name: array("i", values) for name, values in columns.items()})


def _starts(expressions: list[tuple[int, ...]]) -> Iterator[int]:
    at = 0
    for parts in expressions:
        yield at
        at += len(parts)


def make_record(facts: FileFacts, mtime_ns: int = 0) -> FileRecord:
    return FileRecord(
        facts.path,
        facts.language,
        facts.digest,
        facts.size,
        mtime_ns,
        len(facts.symbol_ids),
        len(facts.occ_start),
        False,
        "",
    )


def make_file(path: str, seed: int, **options: Any) -> Made:
    facts = make_facts(path, random.Random(f"{path}:{seed}".encode("utf-8", "surrogatepass")), **options)
    return Made(make_record(facts, seed), facts)


def make_links(
    facts: FileFacts, targets: Sequence[str], rng: random.Random, *, share: float = 0.8
) -> FileLinks:
    """Links of some of the occurrences to some of ``targets`` (SymbolIds of any files), and some
    relations.
    """
    links: list[Link] = []
    if targets:
        for occurrence in range(len(facts.occ_start)):
            if rng.random() < share:
                n_targets = 1 if rng.random() < 0.9 else 2
                chosen = rng.sample(targets, min(n_targets, len(targets)))
                links += [Link(occurrence, target, rank) for rank, target in enumerate(chosen)]
    relations = set()
    for symbol in facts.symbol_ids:
        if targets and rng.random() < 0.2:
            relations.add(Relation(rng.choice(list(RelationKind)), symbol, rng.choice(targets)))
    return FileLinks(facts.path, facts.digest, tuple(links), tuple(sorted(relations)), rng.randrange(5))


def workspace(n_files: int, seed: int = 0, **options: object) -> list[Made]:
    """Files of a made-up workspace."""
    return [make_file(f"pkg{i % 7}/mod{i}.py", seed, **options) for i in range(n_files)]


# For hypothesis
# -----------------------------------------------------------------------------------------------------

#: Any text that may name something, odd ones included: NUL, separators, lone surrogates, beyond the BMP, very
#: long.
odd_texts = st.one_of(
    st.text(st.characters(), min_size=1, max_size=12),
    st.sampled_from(
        ["a:b", "::", "a\0b", "\0", "é", "\udc80x", "𝕏", "ß", "İ", "x" * 600, "ü" * 400, "a.b", "::a::"]
    ),
)
paths = st.one_of(
    st.sampled_from(
        [f"{folder}{name}" for folder in ("", "a/", "a/b/", "a:b/") for name in ("x.py", "y.py", "z")]
    ),
    st.builds("/".join, st.lists(odd_texts.filter(lambda text: "/" not in text), min_size=1, max_size=3)),
)


@st.composite
def files(draw: st.DrawFn, path: st.SearchStrategy[str] = paths) -> Made:
    """A file with facts, small, its names sometimes odd."""
    names = draw(st.lists(st.one_of(odd_texts, st.sampled_from(WORDS)), min_size=1, max_size=5))
    return make_file(
        draw(path),
        draw(st.integers(0, 1 << 30)),
        n_symbols=draw(st.integers(0, 4)),
        n_locals=draw(st.integers(0, 2)),
        n_occurrences=draw(st.integers(0, 6)),
        names=names,
        module=draw(st.one_of(st.none(), st.sampled_from(["", "m", "crate::m"]))),
    )
