"""What fills in the type arguments that a ``let`` leaves open: ``let mut found = Vec::new();``, ``let all: Vec<_> = …``.

The compiler learns them from how the name is used. Kept of it are, as STORED values of the variable, the first calls of
methods that put something in (``found.push(x)``: the last argument, the method's name, the arguments before), and the value
that a type with ``_`` in it is declared for (under the name ``=``). ``filled.py`` makes types of them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import DefKind, ExprOp
from magellan_lsp.languages.base import Captures
from magellan_lsp.languages.rust.names import VALUES

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

#: What stands for a method's name where the value is the declared one.
DECLARED = "="
#: Functions of types that make something empty.
_MAKING = frozenset(
    {
        "new",
        "default",
        "with_capacity",
        "with_hasher",
        "with_capacity_and_hasher",
        "new_in",
        "with_capacity_in",
    }
)
_MAX_CALLS = 3  # of one variable that are kept
_MAX_ARGUMENTS = 3
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


def note_open(b: Builder, let: Node, name: Node) -> None:
    """Note a ``let`` that leaves something open; its variable is defined already."""
    value, type_node = let.child_by_field_name("value"), let.child_by_field_name("type")
    if value is None:
        return
    if type_node is not None:
        row = b.lookup(b.text(name), let.end_byte, None, VALUES) if _has_hole(b, type_node) else -1
        if row >= 0 and b.def_name_start[row] == name.start_byte:
            b.add_site(row, value.start_byte, partial(_stored, b, DECLARED, [value]))
    elif _is_empty(b, value):
        b.notes.setdefault("open", {})[name.start_byte] = 0


def _has_hole(b: Builder, node: Node) -> bool:
    """Whether ``_`` stands among the arguments of a type."""
    text = b.source[node.start_byte : node.end_byte]
    at = text.find(b"_")
    while at >= 0:
        around = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
        if not any(byte in _WORD for byte in around):
            return True
        at = text.find(b"_", at + 1)
    return False


def _is_empty(b: Builder, value: Node) -> bool:
    """Whether a value is a container of nothing as yet."""
    if value.type == "array_expression":
        return not value.named_child_count
    function = value.child_by_field_name("function") if value.type == "call_expression" else None
    if function is None or function.type != "scoped_identifier":
        return False
    last = function.child_by_field_name("name")
    return last is not None and b.text(last) in _MAKING


def put_in(b: Builder, matches: list[Captures]) -> None:
    """``found.push(x)`` on a name whose type is open."""
    known: dict[int, int] = b.notes.get("open", {})
    for captures in matches if known else ():
        name, method, arguments = captures["name"][0], captures["method"][0], captures["arguments"][0]
        row = b.lookup(b.text(name), name.start_byte, None, VALUES)
        start = b.def_name_start[row] if row >= 0 else -1
        if known.get(start, _MAX_CALLS) >= _MAX_CALLS or b.def_kind[row] != DefKind.VARIABLE:
            continue
        given = [child for child in arguments.named_children if not child.is_extra]
        if 0 < len(given) <= _MAX_ARGUMENTS:
            known[start] += 1
            b.add_site(row, arguments.end_byte, partial(_stored, b, b.text(method), given))


def _stored(b: Builder, method: str, given: list[Node]) -> int:
    name = b.expr(ExprOp.STRING, b.name_index(method))
    others = [b.expr_of(one) for one in given[:-1]]
    return b.expr(ExprOp.STORED, b.expr_of(given[-1]), name, *others)
