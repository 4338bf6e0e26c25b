"""Under which keys a file is listed: what every backend's posting lists are made of.

Pure functions of the facts, so that a file's keys can be found again from its stored facts when it goes.
Tests: ``tests/store/test_postings.py``.
"""

from __future__ import annotations

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import ExprOp
from magellan_lsp.store.base import Family
from magellan_lsp.store.fqn import plain
from magellan_lsp.store.words import labels_of_file

#: Families beside the public ones, from text to files. Numbers are stored: append only.
QUALIFIED = 6  # plain qualified name, where it is not just the simple name (that is DEFINES) -> files
LABELLED = 8  # label -> files that have a symbol with it, or one that was given it
MODULE = 7  # plain module prefix, "" included -> files that have symbols

#: Operators whose n-th argument (a name) is the simple name of what the expression denotes.
_NAME_ARGUMENT = {ExprOp.NAME: 0, ExprOp.MEMBER: 1, ExprOp.PATH: 1, ExprOp.ASSOC: 1, ExprOp.METHOD: 1}
#: Operators that denote, as far as a name goes, what their first argument denotes.
_TRANSPARENT = frozenset(
    {
        ExprOp.GENERIC,
        ExprOp.INSTANCE,
        ExprOp.POINTER,
        ExprOp.REF,
        ExprOp.DEREF,
        ExprOp.TYPEOF,
        ExprOp.CALL,
        ExprOp.NEW,
    }
)


def base_name(facts: FileFacts, expression: int) -> str:
    """The simple name of the type that an expression denotes, "" where it has none."""
    for _ in range(64):  # expressions refer to earlier ones; the bound only guards against facts made by hand
        if expression < 0:
            return ""
        op, *args = facts.expr(expression)
        if op in _NAME_ARGUMENT:
            position = _NAME_ARGUMENT[ExprOp(op)]
            return facts.names[args[position]] if len(args) > position else ""
        if op == ExprOp.DEF and args:
            return facts.name(args[0])
        if op not in _TRANSPARENT or not args:
            return ""
        expression = args[0]
    return ""


def posting_keys(path: str, facts: FileFacts | None) -> dict[int, set[str]]:
    """By family, the keys under which a file is listed. A file without facts is listed under its base name
    only.
    """
    basename = {path.rsplit("/", 1)[-1]}
    if facts is None:
        return {Family.BASENAME: basename}
    names = facts.names
    extended = {base_name(facts, expression) for expression in facts.base_expr}
    extended.update(names[name] for name in facts.extension_name if name > 0)
    extended.discard("")
    def_name, qualified = facts.def_name, facts.qualified
    defined: set[str] = set()
    longer: set[str] = set()
    kinds: set[int] = set()
    def_kind = facts.def_kind
    for definition, row in enumerate(facts.def_symbol):
        if row >= 0:
            name = names[def_name[definition]]
            defined.add(name)
            kinds.add(def_kind[definition])
            if plain(qualified[row]) != name:
                longer.add(plain(qualified[row]))
    defined.discard("")
    longer.discard("")
    return {
        Family.MENTIONS: set(names[1:]),
        Family.DEFINES: defined,
        Family.EXTENDS: extended,
        Family.GROUP: set(facts.groups),
        Family.BASENAME: basename,
        QUALIFIED: longer,
        MODULE: {plain(facts.module)} if facts.symbol_ids else set(),
        LABELLED: labels_of_file(facts.language, kinds),
    }
