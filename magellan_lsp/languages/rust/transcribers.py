"""What macros by example give: the value of the expression that a transcriber (the right side of a rule) ends in.

The grammar leaves a transcriber as a heap of tokens, so its expressions are read off the tokens, as much of them as a
value needs: paths, calls, members, struct literals, blocks with their ``let``, ``if`` and ``match``, other macros. What
stands for an argument (``$e``) becomes ``CALLBACK(macro, position)``; ``macro_calls.py`` puts the caller's in its place.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import ExprOp
from magellan_lsp.languages.base import Captures
from magellan_lsp.languages.rust.names import MACROS, TYPES, VALUES, plain

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

#: From this argument position on, those of rules that other rules of the macro call are counted.
INTERNAL = 8
_MAX_INTERNAL = 6  # tokens at the head of such a call that are looked at
_MAX_RULES = 40  # of one macro
_MAX_TOKENS = 300  # of one block
_MAX_DEPTH = 12
_EXTRAS = frozenset({"line_comment", "block_comment"})
_HEADS = frozenset({"identifier", "self", "super", "crate", "primitive_type"})
_CLOSERS = frozenset({"(", ")", "[", "]", "{", "}"})
#: Words that lead a statement with a block of its own, which needs no semicolon.
_BLOCKS = frozenset({"if", "match", "for", "while", "loop", "unsafe"})
_LEAVING = frozenset({"return", "continue", "break"})
_COMPARISONS = frozenset({"==", "!=", "<", ">", "<=", ">=", "&&", "||"})
#: Variants that hold what ``?`` takes out of a value.
_HOLDING = frozenset({"Ok", "Some", "Ready", "Continue"})


def macro_results(b: Builder, matches: list[Captures]) -> None:
    """Each rule of a macro is a value that calling it may give."""
    for captures in matches:
        node = captures["macro"][0]
        row = b.def_of_node.get(node.id, -1)
        if row < 0:
            continue
        rules = [child for child in node.named_children if child.type == "macro_rule"]
        for rule in rules[:_MAX_RULES]:
            left, right = rule.child_by_field_name("left"), rule.child_by_field_name("right")
            if left is not None and right is not None:
                reader = _Transcriber(b, row, _positions(b, left))
                b.add_site(row, right.start_byte, partial(reader.block, right, {}, 0))


def _positions(b: Builder, pattern: Node) -> dict[str, int]:
    """Which argument of the call each of a rule's variables is.

    Rules that only other rules of the macro call (``@arg ($arg:expr) ...``) are told apart by the words before their
    arguments; there the bracketed ones count, by their place among the tokens behind ``@``, from ``INTERNAL`` on.
    """
    found: dict[str, int] = {}
    position = 0
    inner = [child for child in pattern.children if child.type not in _EXTRAS][1:-1]
    if inner and inner[0].type == "@":
        return _bracketed(b, inner)
    for child in pattern.children:
        kind = child.type
        if kind == "token_binding_pattern":
            name = child.child_by_field_name("name")
            if name is not None:
                found[b.text(name)] = position
        elif kind == ",":
            position += 1
        elif kind == "token_repetition_pattern":
            many = next((one for one in child.children if one.type == "token_binding_pattern"), None)
            name = many.child_by_field_name("name") if many is not None else None
            if name is not None:
                found.setdefault(b.text(name), position)
        elif kind not in _CLOSERS and kind not in _EXTRAS:
            return {}
    return found


def _bracketed(b: Builder, tokens: list[Node]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, child in enumerate(tokens[:_MAX_INTERNAL]):
        if child.type == "token_tree_pattern":
            bindings = [one for one in child.named_children if one.type == "token_binding_pattern"]
            name = bindings[0].child_by_field_name("name") if len(bindings) == 1 else None
            if name is not None:
                found[b.text(name)] = INTERNAL + at
        elif child.type == "token_repetition_pattern" or child.type == "token_binding_pattern":
            break  # from here on places depend on what is given
    return found


class _Transcriber:
    """One rule of a macro."""

    def __init__(self, b: Builder, macro: int, positions: dict[str, int]) -> None:
        self.b = b
        self.macro = macro
        self.positions = positions

    def block(self, tree: Node, outer: dict[str, int], depth: int) -> int:
        """The value of what stands in a pair of brackets: that of its last expression."""
        tokens = [child for child in tree.children if child.type not in _EXTRAS][1:-1]
        if depth > _MAX_DEPTH or not tokens or len(tokens) > _MAX_TOKENS:
            return 0
        known = dict(outer)
        start = 0
        while start < len(tokens):
            end = start
            while end < len(tokens) and tokens[end].type != ";":
                end += 1
            statement = tokens[start:end]
            if end == len(tokens):
                return self._last(statement, known, depth)
            if statement and statement[0].type == "let":
                self._let(statement, known, depth)
            start = end + 1
        return 0

    def _last(self, tokens: list[Node], known: dict[str, int], depth: int) -> int:
        """The value of the tokens behind the last semicolon, some of which may be statements with blocks."""
        while tokens:
            head = tokens[0].type
            length = 0
            if head == "token_repetition":
                length = 1
            elif head in _BLOCKS or self._is_block(tokens[0]):
                length = self._block_length(tokens)
            if not length or length >= len(tokens) or tokens[length].type in (".", "?"):
                break
            tokens = tokens[length:]
        return self.value(tokens, known, depth)

    def _block_length(self, tokens: list[Node]) -> int:
        """How many tokens a statement with a block takes up, with what ``else`` adds."""
        for at, token in enumerate(tokens):
            if self._is_block(token) and (at + 1 == len(tokens) or self.b.text(tokens[at + 1]) != "else"):
                return at + 1
        return len(tokens)

    def _is_block(self, node: Node) -> bool:
        return node.type == "token_tree" and self.b.source[node.start_byte] == 0x7B

    def _let(self, tokens: list[Node], known: dict[str, int], depth: int) -> None:
        at = 2 if len(tokens) > 1 and tokens[1].type == "mutable_specifier" else 1
        if len(tokens) < at + 3 or tokens[at].type not in ("identifier", "metavariable"):
            return
        name = self.b.text(tokens[at])
        value = 0
        if tokens[at + 1].type == ":":
            value = self.b.expr(ExprOp.INSTANCE, self._type(tokens[at + 2 :]))
        elif tokens[at + 1].type == "=":
            value = self.value(tokens[at + 2 :], known, depth + 1)
        known[name] = value

    def _type(self, tokens: list[Node]) -> int:
        return self._path(tokens, 0)[0]

    # -- expressions

    def value(self, tokens: list[Node], known: dict[str, int], depth: int) -> int:
        """The value of an expression."""
        b = self.b
        while tokens and tokens[0].type in ("&", "*", "mutable_specifier", "unsafe"):
            tokens = tokens[1:]
        if not tokens or depth > _MAX_DEPTH or tokens[0].type in _LEAVING:
            return 0
        head = tokens[0].type
        if head == "match":
            return self._match(tokens, known, depth)
        if head == "if":
            blocks = [token for token in tokens if self._is_block(token)]
            return b.union(*(self.block(one, known, depth + 1) for one in blocks))
        value, at = self._primary(tokens, known, depth)
        while at < len(tokens) and value:
            kind = tokens[at].type
            after = tokens[at + 1] if at + 1 < len(tokens) else None
            if kind == "." and after is not None:
                if b.text(after) == "await":
                    value = b.expr(ExprOp.AWAIT, value)
                else:
                    value = b.expr(ExprOp.MEMBER, value, b.name_index(plain(b.text(after))))
                at = self._past_arguments(tokens, at + 2)
            elif kind == "?":
                value = b.expr(ExprOp.TRY, value)
                at += 1
            elif kind == "token_tree" and b.source[tokens[at].start_byte] == 0x28:
                value = b.expr(ExprOp.CALL, value, *self._arguments(tokens[at], known, depth))
                at += 1
            elif kind in _COMPARISONS:
                return b.expr(ExprOp.LITERAL, b.name_index("bool"))
            elif kind == "as":
                return b.expr(ExprOp.INSTANCE, self._type(tokens[at + 1 :]))
            elif kind == "token_tree":
                return 0
            else:
                break  # an operator: what stands before it says enough
        return value

    def _primary(self, tokens: list[Node], known: dict[str, int], depth: int) -> tuple[int, int]:
        """The value of the first operand, before members and calls, and how many tokens it takes up."""
        b = self.b
        first = tokens[0]
        kind = first.type
        follows = tokens[1].type if len(tokens) > 1 else ""
        if kind == "token_tree":
            opened = b.source[first.start_byte]
            if opened == 0x7B:
                return self.block(first, known, depth + 1), 1
            if opened == 0x5B:
                return b.expr(ExprOp.LITERAL, b.name_index("[]")), 1
            parts = self._arguments(first, known, depth)
            return (parts[0] if len(parts) == 1 else b.expr(ExprOp.TUPLE, *parts)), 1
        if kind == "metavariable" and b.text(first) != "$crate":
            text = b.text(first)
            if text in known:
                return known[text], 1
            position = self.positions.get(text, -1)
            if position < 0 or follows == "::":
                return 0, 1
            return b.expr(ExprOp.CALLBACK, self.macro, position), 1
        if kind == "string_literal" or kind == "raw_string_literal":
            return b.expr(ExprOp.LITERAL, b.name_index("str")), 1
        if kind not in _HEADS and kind != "metavariable":
            return 0, 1
        if kind == "identifier" and follows != "::" and b.text(first) in known:
            return known[b.text(first)], 1
        value, at = self._path(tokens, VALUES)
        after = tokens[at] if at < len(tokens) else None
        if after is None or not value:
            return value, at
        if after.type == "!" or b.source[tokens[at - 1].end_byte - 1] == 0x21:
            value = self._path(tokens[:at], MACROS)[0]
            at += after.type == "!"
            given = self._arguments(tokens[at], known, depth) if at < len(tokens) else []
            return b.expr(ExprOp.CALL, value, *given), at + 1
        if self._is_block(after):
            return b.expr(ExprOp.NEW, self._path(tokens[:at], TYPES)[0]), at + 1
        return value, at

    def _path(self, tokens: list[Node], space: int) -> tuple[int, int]:
        """A path and how many tokens it takes up; ``space``: the name space of its last part, 0 for a type."""
        b = self.b
        value = at = 0
        while at < len(tokens):
            token = tokens[at]
            text = plain(b.text(token))
            last = at + 1 >= len(tokens) or tokens[at + 1].type != "::"
            if text == "$crate":
                value = b.expr(ExprOp.NAME, b.name_index("crate"), b.scope_at(token.start_byte), TYPES)
            elif token.type not in _HEADS or text in ("self", "Self"):
                return 0, at + 1
            elif value:
                value = b.expr(ExprOp.PATH, value, b.name_index(text))
            else:
                value = b.name_expr(text, token.start_byte, (space or TYPES) if last else TYPES)
            at += 1
            if last:
                break
            at += 1
            if at < len(tokens) and tokens[at].type == "<":
                at = self._past_arguments(tokens, at - 1)
                if at >= len(tokens) or tokens[at].type != "::":
                    break
                at += 1
        return value, at

    def _past_arguments(self, tokens: list[Node], at: int) -> int:
        """The token behind the type arguments ``::<...>`` at a place, or the place itself without any."""
        if at + 1 >= len(tokens) or tokens[at].type != "::" or tokens[at + 1].type != "<":
            return at
        depth = 0
        for place in range(at + 1, len(tokens)):
            kind = tokens[place].type
            depth += (kind == "<") - (kind == ">") - 2 * (kind == ">>")
            if depth <= 0:
                return place + 1
        return len(tokens)

    def _arguments(self, tree: Node, known: dict[str, int], depth: int) -> list[int]:
        tokens = [child for child in tree.children if child.type not in _EXTRAS][1:-1]
        if len(tokens) > _MAX_TOKENS:
            return []
        if tokens and tokens[0].type == "@":
            groups = [token if token.type == "token_tree" else None for token in tokens[:_MAX_INTERNAL]]
            values = [self.value([one], known, depth + 1) if one is not None else 0 for one in groups]
            return [0] * INTERNAL + values
        return [self.value(part, known, depth + 1) for part in _parted(tokens)[:8]]

    def _match(self, tokens: list[Node], known: dict[str, int], depth: int) -> int:
        """``match value { Ok(v) => v, Err(e) => return ... }`` and the like: what any of its arms gives."""
        at = next((at for at, token in enumerate(tokens) if self._is_block(token)), 0)
        if not at:
            return 0
        value = self.value(tokens[1:at], known, depth + 1)
        inner = [child for child in tokens[at].children if child.type not in _EXTRAS][1:-1]
        found: list[int] = []
        start = 0
        while start < len(inner) and len(found) < 8:
            arrow = next((place for place in range(start, len(inner)) if inner[place].type == "=>"), -1)
            if arrow < 0 or arrow + 1 >= len(inner):
                break
            end = arrow + 1
            if self._is_block(inner[end]):
                end += 1
            else:
                while end < len(inner) and inner[end].type != ",":
                    end += 1
            bound = self._bound(inner[start:arrow], value)
            found.append(self.value(inner[arrow + 1 : end], {**known, **bound}, depth + 1))
            start = end + 1 if end < len(inner) and inner[end].type == "," else end
        return self.b.union(*found)

    def _bound(self, pattern: list[Node], value: int) -> dict[str, int]:
        """The names that a pattern binds, with values where it is one of ``Ok(name)`` or ``name``."""
        b = self.b
        if not pattern:
            return {}
        last = pattern[-1]
        if len(pattern) == 1 and last.type == "identifier":
            return {b.text(last): value}
        if last.type != "token_tree" or len(pattern) < 2:
            return {}
        names = [child for child in last.children if child.type == "identifier"]
        holds = len(names) == 1 and b.text(pattern[-2]) in _HOLDING and value
        return {b.text(name): b.expr(ExprOp.TRY, value) if holds else 0 for name in names}


def _parted(tokens: list[Node]) -> list[list[Node]]:
    """The tokens between commas."""
    parts: list[list[Node]] = [[]]
    for token in tokens:
        if token.type == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]
