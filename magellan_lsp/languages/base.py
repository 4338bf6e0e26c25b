"""What a language is to the rest of the program: a grammar, a query, tables, and a few hooks.

A language folder holds ``facts.scm`` (which nodes matter), ``__init__.py`` with a :class:`Language` (tables
and hooks
for extraction) and ``rules.py`` (how names are linked). The engines in ``extract`` and ``resolve`` are one
for all
languages and never ask which one they serve. ``docs/development.md`` is the guide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

import attrs
from tree_sitter import Language as Grammar
from tree_sitter import Node, Query, Tree

from magellan_lsp.facts.kinds import DefKind, ExprOp, ScopeKind
from magellan_lsp.languages.queries import compiled

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

#: Captures of one match of a pattern: capture name -> nodes.
Captures = dict[str, list[Node]]
#: What may be a function that is given by its name.
_GIVEN = frozenset(int(kind) for kind in (DefKind.FUNCTION, DefKind.IMPORT))
#: Builds the expression of a node and returns its index.
ExprHandler = Callable[["Builder", Node], int]
#: Handles all matches of the patterns that carry ``(#set! on "NAME")``.
Hook = Callable[["Builder", list[Captures]], None]


@attrs.frozen(eq=False)
class Language:
    """One language's data for extraction. Everything is optional but the first three.

    Attributes:
        name: our name, as in facts, settings and folder.
        grammar: name in tree-sitter-language-pack.
        extensions: with the dot, lower case.
        filenames: whole file names that belong to it.
        query_package: package whose ``facts.scm`` is the query (several languages may share one).
        query_shared: query files that come before it, each as ``package:file`` (parts that related grammars
        share).
        expressions: node type -> how to build its expression.
        hooks: name in ``(#set! on "NAME")`` -> extra handler beyond the engine's own (see extract/engine.py).
        finish: called once after everything else, before the tables are closed.
        module_name: path -> display prefix of the module (``src/flask/app.py`` -> ``flask.app``).
        separator: between the parts of a display fqn.
        block_scoped: a name defined in a block is not visible outside it.
        rebinds: assigning to a name that the scope already binds adds a value to it instead of a new
        definition.
        sequential_kinds: definitions of these kinds are visible only after them (Rust ``let``); others in
        their whole scope.
        class_scope_visible: functions inside a class body see the class's names without a qualifier.
        implicit_members: a plain name may be a member of an enclosing class, inherited ones included.
        spaces: bits of the name spaces that a definition of a kind is found in; empty: the language has but
        one.
        type_space, value_space, call_space: the name spaces in which a plain name is looked up where a type
        is expected, where
            it is called, and elsewhere; 0: in all.
        closed_scopes: kinds of scopes that hide what is around them (Rust ``mod``): a name that they do not
        bind is open.
        hidden_scopes: kinds of scopes whose names are never found without a qualifier (Rust ``impl``).
        easy: what the parser is given in place of a text, where the text would keep it busy without need; of the same
            length, with every name in its place.
        read: parses a file's bytes in place of plain parsing; also gives a note for the hooks
        (``Builder.notes["read"]``). Offsets
            in the tree must be those of the bytes given.
        further_roots: from ``read``'s note, nodes of other trees of the same bytes over which the query runs
        as well
            (C: the bodies of macros).
        begin: called first, to announce scopes that no node of the tree shows.
        rules: dotted path of the module with the linking rules.
    """

    name: str
    grammar: str
    extensions: tuple[str, ...]
    filenames: tuple[str, ...] = ()
    query_package: str = ""
    query_file: str = "facts.scm"
    query_shared: tuple[str, ...] = ()
    expressions: Mapping[str, ExprHandler] = attrs.field(factory=dict)
    hooks: Mapping[str, Hook] = attrs.field(factory=dict)
    finish: Callable[[Builder], None] | None = None
    module_name: Callable[[str], str] = lambda path: ""
    separator: str = "."
    block_scoped: bool = True
    rebinds: bool = False
    sequential_kinds: frozenset[DefKind] = frozenset()
    class_scope_visible: bool = False
    implicit_members: bool = False
    spaces: Mapping[int, int] = attrs.field(factory=dict)
    type_space: int = 0
    value_space: int = 0
    call_space: int = 0
    closed_scopes: frozenset[ScopeKind] = frozenset()
    hidden_scopes: frozenset[ScopeKind] = frozenset()
    easy: Callable[[bytes], bytes] | None = None
    read: Callable[[bytes, Callable[[bytes], Tree]], tuple[Tree, Any]] | None = None
    further_roots: Callable[[Any], Sequence[Node]] | None = None
    begin: Callable[[Builder], None] | None = None
    rules: str = ""

    @cached_property
    def ts(self) -> Grammar:
        """The tree-sitter grammar, loaded on first use."""
        from tree_sitter_language_pack import get_language

        return get_language(self.grammar)  # type: ignore[arg-type]

    @property
    def query_text(self) -> str:
        """The patterns of :meth:`query`, as they are written."""
        package = self.query_package or f"magellan_lsp.languages.{self.name}"
        parts = [part.split(":") for part in (*self.query_shared, f"{package}:{self.query_file}")]
        texts = [resources.files(home).joinpath(name).read_text(encoding="utf-8") for home, name in parts]
        return "\n".join(texts)

    @cached_property
    def query(self) -> Query:
        return compiled(self.ts, self.query_text)

    @cached_property
    def pattern_hooks(self) -> Sequence[tuple[str, Mapping[str, str]]]:
        """Per pattern of the query: the handler's name and the other settings."""
        query = self.query
        found = []
        for index in range(query.pattern_count):
            settings = {key: str(value or "") for key, value in query.pattern_settings(index).items()}
            found.append((settings.pop("on", ""), settings))
        return found

    @cached_property
    def expression_table(self) -> dict[int, ExprHandler]:
        """``expressions`` by the grammar's number of the node type."""
        table: dict[int, ExprHandler] = {}
        for kind, handler in self.expressions.items():
            for named in (True, False):
                number = self.ts.id_for_node_kind(kind, named)
                if number:
                    table[number] = handler
        return table


# -- handlers for the usual shapes of expressions; a language's table is made of these and its own functions


def name_expr(b: Builder, node: Node) -> int:
    """A plain identifier."""
    return b.name_expr(b.text(node), node.start_byte)


def member(obj: str, name: str, op: ExprOp = ExprOp.MEMBER) -> ExprHandler:
    """``object.name`` with these field names."""

    def build(b: Builder, node: Node) -> int:
        receiver, field = node.child_by_field_name(obj), node.child_by_field_name(name)
        if receiver is None or field is None:
            return b.UNKNOWN
        return b.expr(op, b.expr_of(receiver), b.name_of(field))

    return build


def call(function: str, arguments: str = "arguments", op: ExprOp = ExprOp.CALL) -> ExprHandler:
    """``function(arguments)``; arguments beyond the eighth are dropped."""

    def build(b: Builder, node: Node) -> int:
        callee = node.child_by_field_name(function)
        if callee is None:
            return b.UNKNOWN
        given = node.child_by_field_name(arguments)
        return b.expr(op, b.expr_of(callee), *(b.arguments(given) if given is not None else ()))

    return build


def index(obj: str, at: str = "") -> ExprHandler:
    """``object[at]``."""

    def build(b: Builder, node: Node) -> int:
        receiver = node.child_by_field_name(obj)
        if receiver is None:
            return b.UNKNOWN
        key = node.child_by_field_name(at) if at else None
        return b.expr(ExprOp.INDEX, b.expr_of(receiver), b.expr_of(key) if key is not None else -1)

    return build


def wrap(op: ExprOp, field: str = "") -> ExprHandler:
    """``op`` around the field's expression, or around the first named child's."""

    def build(b: Builder, node: Node) -> int:
        inner = node.child_by_field_name(field) if field else b.first_named(node)
        return b.expr(op, b.expr_of(inner)) if inner is not None else b.UNKNOWN

    return build


def given_functions(b: Builder, matches: list[Captures]) -> None:
    """A hook for calls (``@call``) with a plain name among their arguments (``@given``): where it is a function of the file
    or imported, the call's expression is kept, which says what a parameter may hold.
    """
    space = b.language.value_space
    for captures in matches:
        given = captures["given"][0]
        row = b.lookup(b.text(given), given.start_byte, None, space)
        if row >= 0 and b.def_kind[row] in _GIVEN:
            b.expr_of(captures["call"][0])


def inner(field: str = "") -> ExprHandler:
    """The field's expression itself, or the first named child's (parentheses, type wrappers)."""

    def build(b: Builder, node: Node) -> int:
        child = node.child_by_field_name(field) if field else b.first_named(node)
        return b.expr_of(child) if child is not None else b.UNKNOWN

    return build


def union(*fields: str) -> ExprHandler:
    """One of the fields' values; without fields, one of the named children's."""

    def build(b: Builder, node: Node) -> int:
        parts = [node.child_by_field_name(f) for f in fields] if fields else list(node.named_children)
        return b.union(*(b.expr_of(part) for part in parts if part is not None))

    return build


def literal(type_name: str, elements: bool = False) -> ExprHandler:
    """A literal of a built-in type; with ``elements``, of the types of its first four elements."""

    def build(b: Builder, node: Node) -> int:
        parts: list[int] = []
        if elements:
            parts = [b.expr_of(child) for child in node.named_children[:4]]
        return b.expr(ExprOp.LITERAL, b.name_index(type_name), *parts)

    return build


def many(op: ExprOp) -> ExprHandler:
    """``op`` over all named children (tuples)."""

    def build(b: Builder, node: Node) -> int:
        return b.expr(op, *(b.expr_of(child) for child in node.named_children[:16]))

    return build


def unknown(b: Builder, node: Any) -> int:
    """Says nothing (and stops the default descent)."""
    return b.UNKNOWN
