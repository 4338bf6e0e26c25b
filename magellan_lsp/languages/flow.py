"""What control flow is made of: the words in which ``languages/<lang>/cfg.py`` describes a grammar.

A language says which node types are loops, switches, ways out and so on, and where their parts are; ``extract/cfg/``
knows what each of them means. A part is named by its field; where a grammar has no field for it, by a small function of
the node. Nothing here walks a tree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from importlib import import_module
from typing import NamedTuple

import attrs
from tree_sitter import Language as Grammar
from tree_sitter import Node, Query

from magellan_lsp.facts.cfg import BlockKind, ByteSpan, EdgeKind, Terminator
from magellan_lsp.languages.queries import compiled

Nodes = Sequence[Node]
#: Where a part is: the field's name, or a function that finds it.
Part = str | Callable[[Node], Node | None]
#: A question about a node that needs the text.
Ask = Callable[[Node, bytes], bool]


class Construct:
    """Anything that bends, splits or ends the flow of control, or that must not be looked into."""

    __slots__ = ()


@attrs.frozen
class Function(Construct):
    """Has a control-flow graph of its own and is a plain expression or statement outside."""

    body: Part = "body"
    name: Part = "name"
    anonymous: bool = False


@attrs.frozen
class Opaque(Construct):
    """Runs elsewhere, or in a way that the graph does not show (class bodies, comprehensions)."""


@attrs.frozen
class Block(Construct):
    """Statements in a row."""

    label: Callable[[Node, bytes], str] | None = None


@attrs.frozen
class If(Construct):
    """Two ways on a condition; a statement or an expression.

    Attributes:
        rest: all nodes of one of these are else parts; those whose type is in ``elifs`` have a condition of their own.
        before: runs before the condition.
        unwrap: types around the else part (``else_clause``).
        ternary: an expression, for the metrics.
    """

    condition: Part = "condition"
    then: Part = "consequence"
    rest: str | Callable[[Node], Nodes] = "alternative"
    before: str = ""
    elifs: frozenset[str] = frozenset()
    unwrap: frozenset[str] = frozenset({"else_clause"})
    ternary: bool = False


@attrs.frozen
class LetElse(Construct):
    """Rust ``let PATTERN = VALUE else { … }``; an ordinary ``let`` when it has no such part."""

    rest: str = "alternative"


class LoopParts(NamedTuple):
    """The parts of a loop. Without ``condition`` and ``each`` it is endless.

    ``each`` is the span of what the header of an iterating loop does: takes the next element.
    """

    before: Nodes = ()
    condition: Node | None = None
    update: Nodes = ()
    each: tuple[int, int] | None = None


@attrs.frozen
class Loop(Construct):
    """Runs its body again and again.

    Attributes:
        after: tests behind the body (``do … while``).
        rest: what runs when the loop ends by itself, not by ``break`` (Python).
    """

    kind: BlockKind
    parts: Callable[[Node], LoopParts]
    body: Part = "body"
    rest: str = ""
    after: bool = False
    label: Callable[[Node, bytes], str] | None = None


@attrs.frozen
class Switch(Construct):
    """One of several ways on a value.

    Attributes:
        cases: the node whose children the cases are; "" for the switch itself.
        exhaustive: some case is always taken, so nothing goes past them.
        conditional: without a value, the cases are conditions that are tried in order (Go).
    """

    value: Part = "value"
    cases: str = "body"
    before: str = ""
    exhaustive: Callable[[Node], bool] = lambda node: False
    conditional: bool = False


@attrs.frozen
class Case(Construct):
    """One way of the enclosing switch.

    Attributes:
        values: the spans that choose it, one per label; none for a default.
        binds: they belong to its own code, being evaluated or bound when it is taken: patterns.
        guard: a condition beyond the values.
        body: its statements.
        default: takes everything.
        falls: its end goes on into the next case.
    """

    values: Callable[[Node], Sequence[ByteSpan]]
    body: Callable[[Node], Nodes]
    guard: Callable[[Node], Node | None] = lambda node: None
    default: Ask = lambda node, source: False
    binds: bool = False
    falls: bool = False


@attrs.frozen
class Try(Construct):
    """A protected body, handlers, and what runs on every way out. Handlers and the rest are children by type.

    Attributes:
        handlers: type -> whether a handler takes every exception.
        rest: types of what runs when nothing was thrown.
        finals: types of what runs in every case.
        resources: closed when the body is left.
    """

    handlers: Mapping[str, Ask]
    body: str = "body"
    rest: frozenset[str] = frozenset()
    finals: frozenset[str] = frozenset({"finally_clause"})
    resources: str = ""


@attrs.frozen
class With(Construct):
    """Enters something, runs a body, and leaves the thing on every way out.

    ``swallows``: leaving may end an exception.
    """

    items: Part
    body: Part = "body"
    swallows: bool = True


@attrs.frozen
class Return(Construct):
    """Leaves the function."""


@attrs.frozen
class Throw(Construct):
    """Goes to the nearest handler."""


@attrs.frozen
class Jump(Construct):
    """``break`` and ``continue``: out of, or to the next turn of, the nearest frame of a kind, or the one with the label."""

    kind: EdgeKind
    to: frozenset[str]
    label: Callable[[Node, bytes], str] = lambda node, source: ""


@attrs.frozen
class Fallthrough(Construct):
    """Goes on into the next case (Go)."""


@attrs.frozen
class Goto(Construct):
    """Goes to a label of the function; with "" to any of them."""

    label: Callable[[Node, bytes], str]


@attrs.frozen
class Label(Construct):
    """Names what follows. ``target``: a ``goto`` may lead here."""

    label: Callable[[Node, bytes], str]
    body: Callable[[Node], Nodes]
    target: bool = False


@attrs.frozen
class Defer(Construct):
    """Registers a call that runs when the function ends (Go)."""


@attrs.frozen
class Short(Construct):
    """A short-circuit operator. ``operands`` from left to right."""

    operands: Callable[[Node], Nodes]
    #: True: the next operand counts when this one holds; False: when it does not.
    conjunction: Callable[[Node], bool]
    #: Counts for cognitive complexity (``??`` does not).
    logical: Callable[[Node], bool] = lambda node: True


@attrs.frozen
class Side(Construct):
    """An expression after which its statement may not go on as usual: ``?``, ``await``, ``yield``, a call of ``exit``."""

    terminator: Terminator


@attrs.frozen
class Assert(Construct):
    """Goes on or throws."""


@attrs.frozen
class Preproc(Construct):
    """Code that the preprocessor keeps or drops; ``skip`` fields are no code."""

    skip: tuple[str, ...] = ("condition", "name")
    rest: str = "alternative"


@attrs.frozen(eq=False)
class FlowRules:
    """One language's control flow.

    Attributes:
        constructs: node type -> what it is.
        queries: further patterns, for types that are constructs only sometimes; a capture is named by a key of ``captures``,
            or begins with ``_``.
        comments: types that are no code.
        wrappers: types that are nothing beside their one child: expression statements.
        transparent: types around a condition: parentheses. All but the last child run before it.
        negations: types that turn a condition round when their operand is a short-circuit operator.
        silent: statements that cannot throw.
        always, never: conditions that are known, as text.
        top_level: a file's own statements are a program too.
        decorators: a function of nothing but a function and a ``return`` is a decorator, which does not count as nesting.
    """

    constructs: Mapping[str, Construct]
    queries: str = ""
    captures: Mapping[str, Construct] = attrs.field(factory=dict)
    comments: frozenset[str] = frozenset({"comment"})
    wrappers: frozenset[str] = frozenset({"expression_statement"})
    transparent: frozenset[str] = frozenset({"parenthesized_expression"})
    negations: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    always: frozenset[bytes] = frozenset({b"true"})
    never: frozenset[bytes] = frozenset({b"false"})
    top_level: bool = False
    decorators: bool = False

    @cached_property
    def by_capture(self) -> dict[str, Construct]:
        """Captures of :meth:`query` -> construct: node types under ``t_TYPE``, the others as they are."""
        return {**{f"t_{name}": one for name, one in self.constructs.items()}, **self.captures}

    @cached_property
    def _queries(self) -> dict[Grammar, Query]:
        return {}

    def query_text(self, grammar: Grammar) -> str:
        """The patterns of :meth:`query`."""
        types = [name for name in self.constructs if grammar.id_for_node_kind(name, True)]
        text = "\n".join(f"(({name}) @t_{name})" for name in types)
        return f"{text}\n{self.queries}"

    def query(self, grammar: Grammar) -> Query:
        """Finds every construct of a tree, compiled once per grammar. Types that the grammar lacks are left out."""
        found = self._queries.get(grammar)
        if found is None:
            found = self._queries[grammar] = compiled(grammar, self.query_text(grammar))
        return found


#: Languages whose control flow is another's.
_SHARED = {"tsx": "typescript"}


@cache
def flow_rules(language: str) -> FlowRules:
    """The control flow of a language, by its name in the registry. Raises KeyError for an unknown name."""
    from magellan_lsp.languages.registry import names

    if language not in names():
        raise KeyError(language)
    module = import_module(f"magellan_lsp.languages.{_SHARED.get(language, language)}.cfg")
    rules: FlowRules = module.RULES
    return rules


# -- parts that many grammars find in the same way


def part(node: Node, where: Part) -> Node | None:
    """The part of a node."""
    if not where:
        return None
    return node.child_by_field_name(where) if isinstance(where, str) else where(node)


def last_child(node: Node) -> Node | None:
    """The last named child that is no comment."""
    for index in range(node.named_child_count - 1, -1, -1):
        child = node.named_child(index)
        if not child.type.endswith("comment"):
            return child
    return None


def first_child(node: Node) -> Node | None:
    """The first named child that is no comment."""
    for child in node.named_children:
        if not child.type.endswith("comment"):
            return child
    return None


def children_of(*types: str) -> Callable[[Node], list[Node]]:
    """All named children of some types."""

    def find(node: Node) -> list[Node]:
        return [child for child in node.named_children if child.type in types]

    return find


def child_of(*types: str) -> Callable[[Node], Node | None]:
    """The first named child of some types."""

    def find(node: Node) -> Node | None:
        return next((child for child in node.named_children if child.type in types), None)

    return find


def fields(name: str) -> Callable[[Node], list[Node]]:
    """All children under a field."""

    def find(node: Node) -> list[Node]:
        return node.children_by_field_name(name)

    return find


def rest_after(*skipped: str) -> Callable[[Node], list[Node]]:
    """All named children but those under some fields."""

    def find(node: Node) -> list[Node]:
        heads = {child.id for name in skipped for child in node.children_by_field_name(name)}
        return [child for child in node.named_children if child.id not in heads]

    return find


def text_of(where: Part) -> Callable[[Node, bytes], str]:
    """The text of a part; "" where there is none."""

    def read(node: Node, source: bytes) -> str:
        found = part(node, where)
        return (
            source[found.start_byte : found.end_byte].decode("utf-8", "replace") if found is not None else ""
        )

    return read


def while_parts(node: Node) -> LoopParts:
    """``while (condition)``."""
    return LoopParts(condition=node.child_by_field_name("condition"))


def forever(node: Node) -> LoopParts:
    """``loop``."""
    return LoopParts()


_NOTHING = frozenset({"empty_statement", ";"})


def for_parts(before: str, condition: str, update: str) -> Callable[[Node], LoopParts]:
    """``for (before; condition; update)``."""

    def find(node: Node) -> LoopParts:
        test = node.child_by_field_name(condition)
        return LoopParts(
            [child for child in node.children_by_field_name(before) if child.type not in _NOTHING],
            # JavaScript has an empty statement where there is no condition.
            test if test is None or test.type not in _NOTHING else None,
            node.children_by_field_name(update),
        )

    return find


def each_parts(first: str, last: str) -> Callable[[Node], LoopParts]:
    """``for first in last``."""

    def find(node: Node) -> LoopParts:
        left, right = node.child_by_field_name(first), node.child_by_field_name(last)
        if right is None:
            return LoopParts(each=(node.start_byte, node.start_byte))
        return LoopParts(each=(left.start_byte if left is not None else right.start_byte, right.end_byte))

    return find


def operator_type(node: Node) -> str:
    """The operator's token."""
    found = node.child_by_field_name("operator")
    if found is None:
        # Some grammars give the token of an augmented assignment no field.
        return next((child.type for child in node.children if not child.is_named), "")
    return found.type


_AND = frozenset({"&&", "and", "&&="})
_LOGICAL = frozenset({"&&", "and", "||", "or", "&&=", "||="})

#: ``left && right``, ``left || right`` and the like, by fields.
SHORT = Short(
    operands=lambda node: [
        child for name in ("left", "right") for child in node.children_by_field_name(name)[:1]
    ],
    conjunction=lambda node: operator_type(node) in _AND,
    logical=lambda node: operator_type(node) in _LOGICAL,
)
LOOPS = frozenset({"loop"})
LOOPS_AND_SWITCHES = frozenset({"loop", "switch"})


def every(node: Node, source: bytes) -> bool:
    """A handler that takes everything."""
    return True


def some(node: Node, source: bytes) -> bool:
    """A handler that takes some exceptions."""
    return False
