"""The statements of a function and which names each reads and writes: what data dependence is made of.

(marks of a tree, facts of the same bytes, one control-flow graph) -> :class:`FlowStatement` in the order of their blocks.
A block that holds several statements is taken apart; the header of an iterating loop, a condition, and a statement whose
parts branch are one each.

Names stand for what they are bound to, so shadowed ones are told apart: a local by its definition row, a member by its name
alone, whatever it is a member of. Beyond plain assignment these count as *perhaps* written: an object of which a member or
an element is written, one of which a method is called, and one whose address or mutable reference is taken; with each the
objects that it is reached through, and the other names that may stand for any of them (:mod:`magellan_lsp.extract.aliases`).
A plain argument of a call does not. Tests: ``tests/query/graph/test_slices.py``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from magellan_lsp.extract.aliases import Aliases, chain, local
from magellan_lsp.extract.marks import Marks
from magellan_lsp.facts.cfg import BasicBlock, BlockKind, Cfg
from magellan_lsp.facts.file_facts import CALLED, IMPORTED, KEYWORD, MEMBER, MODULE_PART, SAID, FileFacts
from magellan_lsp.facts.kinds import DefKind, ExprOp, Role, ScopeKind
from magellan_lsp.languages.flow import Block

#: Blocks that are one statement, whatever nodes they cover.
_WHOLE = frozenset({BlockKind.FOR, BlockKind.MERGE, BlockKind.ENTRY, BlockKind.DEFERRED})
_VALUES = frozenset(
    int(kind)
    for kind in (DefKind.VARIABLE, DefKind.CONSTANT, DefKind.PARAMETER, DefKind.FIELD, DefKind.FUNCTION)
)
_NO_NAME = frozenset({IMPORTED, KEYWORD, MODULE_PART, SAID})
_PLAIN_SIGNS = frozenset({"=", ":="})
#: A plain name, with the signs that a declarator may have before it; and what leads to an object, by members and elements.
_PLAIN = re.compile(rb"[&*\s]*(?:(?:const|mut)\s+)*([\w$\x80-\xff]+)\s*")
_PATH = re.compile(
    rb"[(&*\s]*(?:mut\s+)?([\w$\x80-\xff]+)"
    rb"((?:\s*[!?]?(?:\.|->|::)\s*[\w$#\x80-\xff]+|\s*(?:\?\.)?\[[^\[\]()]*\])*)[!)\s]*"
)
_LONGEST_PATH = 500
_STEP = re.compile(rb"(?:\.|->|::)\s*([\w$#\x80-\xff]+)")


class FlowStatement(NamedTuple):
    """One statement. Names are opaque; equal ones are the same variable.

    Attributes:
        block: id of the block that it runs in.
        start, end: its bytes in the file, half-open.
        defines: names that it surely writes.
        uses: names that it reads, before it writes.
        may_define: names that it perhaps writes.
    """

    block: int
    start: int
    end: int
    defines: frozenset[str]
    uses: frozenset[str]
    may_define: frozenset[str]


def statements(marks: Marks, facts: FileFacts, cfg: Cfg, source: bytes) -> list[FlowStatement]:
    """The statements of a graph, by block, then start.

    Args:
        marks: of the tree that the graph was made from.
        facts: of the same bytes.

    Cost: in proportion to the function's nodes and occurrences.
    """
    found: list[FlowStatement] = []
    around = marks.root.descendant_for_byte_range(cfg.start, max(cfg.start, cfg.end - 1)) or marks.root
    while around.parent is not None and not (around.start_byte <= cfg.start and cfg.end <= around.end_byte):
        around = around.parent
    aliases = Aliases(facts, cfg.start, cfg.end, _given(facts, around, source))
    for block in cfg.blocks:
        if block.end <= block.start:
            continue
        for start, end, nodes in _units(marks, around, block):
            effects = _Effects(facts, start, end)
            for node in nodes:
                effects.look_at(node, source)
            if block.id == cfg.entry:
                effects.take_parameters(cfg)
            else:
                effects.take_occurrences(source)
                effects.take_aliases(aliases)
            found.append(
                FlowStatement(
                    block.id,
                    start,
                    end,
                    frozenset(effects.defines),
                    frozenset(effects.uses),
                    frozenset(effects.may_define - effects.defines),
                )
            )
    return found


def _units(marks: Marks, around: Node, block: BasicBlock) -> Iterator[tuple[int, int, list[Node]]]:
    """The statements of a block: (start, end, nodes), in source order."""
    nodes = list(_inside(marks, around, block.start, block.end))
    if block.kind in _WHOLE or not nodes:
        yield block.start, block.end, nodes
        return
    for node in nodes:
        yield node.start_byte, node.end_byte, [node]


def _inside(marks: Marks, around: Node, start: int, end: int) -> Iterator[Node]:
    """The largest nodes inside a span that are no mere lists of statements, in source order."""
    work = [around]
    while work:
        node = work.pop()
        if node.end_byte <= start or node.start_byte >= end:
            continue
        is_inside = start <= node.start_byte and node.end_byte <= end
        if is_inside and not isinstance(marks.by_id.get(node.id), Block) and not _is_comment(node):
            yield node
        elif not _is_comment(node):
            work.extend(reversed(node.named_children))


def _given(facts: FileFacts, around: Node, source: bytes) -> Iterator[tuple[str, list[str], bool]]:
    """The plain names that are given what a path leads to, by a declaration or an assignment."""
    work = [around]
    while work:
        node = work.pop()
        work.extend(node.named_children)
        left = _field(node, "left", "name", "declarator", "pattern")
        right = _field(node, "right", "value")
        if left is None or right is None:
            continue
        lefts, rights = [left], [right]
        if right.type == "expression_list":  # of Go
            rights = right.named_children
            lefts = left.named_children if left.type == right.type else node.children_by_field_name("name")
        for one, other in zip(lefts, rights, strict=False):
            if other.end_byte - other.start_byte > _LONGEST_PATH:
                continue
            target = _PLAIN.fullmatch(source[one.start_byte : one.end_byte])
            path = _PATH.fullmatch(source[other.start_byte : other.end_byte])
            if target is None or path is None:
                continue
            name = _name_at(facts, one.start_byte + target.start(1))
            root = _name_at(facts, other.start_byte + path.start(1))
            if name and root and not root.startswith("."):
                steps = [f".{step.decode('utf-8', 'replace')}" for step in _STEP.findall(path[2])]
                yield name, [*reversed(steps), root], bool(path[2])


def _field(node: Node, *names: str) -> Node | None:
    return next((found for name in names if (found := node.child_by_field_name(name)) is not None), None)


def _is_comment(node: Node) -> bool:
    return "comment" in node.type


class _Effects:
    """What the occurrences in a span do to names."""

    def __init__(self, facts: FileFacts, start: int, end: int) -> None:
        self.facts = facts
        self.start = start
        self.end = end
        self.defines: set[str] = set()
        self.uses: set[str] = set()
        self.may_define: set[str] = set()
        self._changed: dict[str, bool] = {}  # objects that are changed in place, and whether deeply
        self._compound: list[tuple[int, int]] = []
        self._touched: list[tuple[int, int]] = []
        self._referred: list[tuple[int, int]] = []

    def look_at(self, top: Node, source: bytes) -> None:
        """Remember which parts are both read and written, and which only in part or through a reference."""
        work = [top]
        while work:
            node = work.pop()
            work.extend(node.named_children)
            kind = node.type
            left = node.child_by_field_name("left")
            if "update_expression" in kind or kind in ("inc_statement", "dec_statement"):
                operand = node.child_by_field_name("argument") or node.named_child(0)
                if operand is not None:
                    self._compound.append((operand.start_byte, operand.end_byte))
                    self._touched.append((operand.start_byte, operand.end_byte))
            elif left is not None and "assignment" in kind:
                sign = node.child_by_field_name("operator")
                text = source[sign.start_byte : sign.end_byte].decode("utf-8", "replace") if sign else ""
                if kind.startswith(("augmented", "compound")) or (
                    sign is not None and text not in _PLAIN_SIGNS
                ):
                    self._compound.append((left.start_byte, left.end_byte))
                self._touched.append((left.start_byte, left.end_byte))
            elif kind in ("pointer_expression", "unary_expression", "reference_expression"):
                text = source[node.start_byte : node.start_byte + 5].decode("utf-8", "replace")
                if text.startswith("&") and (kind != "reference_expression" or text.startswith("&mut")):
                    self._referred.append((node.start_byte, node.end_byte))

    def take_parameters(self, cfg: Cfg) -> None:
        """What a function's head defines: its parameters."""
        facts = self.facts
        for row, kind in enumerate(facts.def_kind):
            start = facts.def_name_start[row]
            if kind == DefKind.PARAMETER and cfg.start <= start < self.end:
                self.defines.add(local(row))

    def take_aliases(self, aliases: Aliases) -> None:
        """What is changed in place is changed for all names that may stand for it."""
        for name, deeply in self._changed.items():
            self.may_define.add(name)
            self.may_define |= aliases.changed_with(name, deeply=deeply)

    def _change(self, name: str, *, deeply: bool) -> None:
        self._changed[name] = deeply or self._changed.get(name, False)

    def take_occurrences(self, source: bytes) -> None:
        """Everything that the names in the span do."""
        facts = self.facts
        starts = facts.occ_start
        for row in range(bisect_left(starts, self.start), len(starts)):
            if starts[row] >= self.end:
                break
            self._take(row, source)

    def _take(self, row: int, source: bytes) -> None:
        facts = self.facts
        role, target = facts.occ_role[row], facts.occ_target[row]
        if target in _NO_NAME or role == Role.IMPORT:
            return
        name = _name(facts, row)
        if not name:
            return
        if self._is_nested(facts.occ_scope[row]):
            # A function inside runs later, if at all.
            self.uses.add(name)
            if role == Role.WRITE:
                self.may_define.add(name)
            return
        at = facts.occ_start[row]
        if role <= Role.DECLARATION:
            if target >= 0 and facts.def_kind[target] in _VALUES:
                self.defines.add(name)
            return
        is_member = name.startswith(".")
        if role == Role.WRITE:
            if is_member:
                self.may_define.add(name)
                for depth, one in enumerate(self._reached_through(row, target)):
                    self._change(one, deeply=depth > 0)
            else:
                self.defines.add(name)
            if any(start <= at < end for start, end in self._compound):
                self.uses.add(name)
            return
        self.uses.add(name)
        if role == Role.CALL and is_member:
            for one in self._reached_through(row, target):
                self._change(one, deeply=True)
        if is_member:
            # The member of which an element is written: `a.b[0] = c`.
            behind = source[facts.occ_end[row] : facts.occ_end[row] + 8].lstrip()
            if behind.startswith(b"[") and any(start <= at < end for start, end in self._touched):
                self._change(name, deeply=False)
        elif any(self._begins(start, at) and at < end for start, end in self._touched):
            self._change(name, deeply=False)
        elif any(self._begins(start, at) and at < end for start, end in self._referred):
            self._change(name, deeply=True)

    def _begins(self, start: int, at: int) -> bool:
        """Whether no other name stands between the start of a part and an offset: it is the part's root."""
        starts = self.facts.occ_start
        row = bisect_left(starts, start)
        return start <= at and row < len(starts) and starts[row] == at

    def _reached_through(self, row: int, target: int) -> list[str]:
        """The objects that a member is reached through, the nearest first: ``.b`` and ``a`` of ``a.b[0].c``."""
        return chain(self.facts, _object(self.facts, row) if target == CALLED else self.facts.occ_expr[row])

    def _is_nested(self, scope: int) -> bool:
        facts = self.facts
        inner = facts.enclosing_scope(scope, ScopeKind.FUNCTION)
        return inner >= 0 and self.start <= facts.scope_start[inner] and facts.scope_end[inner] <= self.end


def _name(facts: FileFacts, row: int) -> str:
    """What stands for the variable or member that an occurrence names; "" for none."""
    target = facts.occ_target[row]
    if target >= 0:
        return local(target)
    text = facts.names[facts.occ_name[row]] if facts.occ_name[row] > 0 else ""
    is_member = target == MEMBER or (target == CALLED and _object(facts, row) >= 0)
    return f".{text}" if text and is_member else text


def _name_at(facts: FileFacts, offset: int) -> str:
    """That of the first occurrence at an offset; "" where none is."""
    row = bisect_left(facts.occ_start, offset)
    if row >= len(facts.occ_start) or facts.occ_start[row] != offset or facts.occ_target[row] in _NO_NAME:
        return ""
    return _name(facts, row)


def _object(facts: FileFacts, row: int) -> int:
    """The expression whose member is called, where it is a call that chooses among overloads; -1 for none."""
    op, *args = facts.expr(facts.occ_expr[row]) if facts.occ_expr[row] >= 0 else (ExprOp.UNKNOWN,)
    if op not in (ExprOp.CALL, ExprOp.NEW) or args[0] < 0:
        return -1
    op, *args = facts.expr(args[0])
    return args[0] if op in (ExprOp.MEMBER, ExprOp.PATH) else -1
