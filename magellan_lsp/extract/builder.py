"""Collects one file's scopes, definitions, expressions and occurrences, and closes them into a FileFacts.

The engine and the languages' hooks call it in this order: scopes, definitions, imports (which allocate names), then
values and occurrences (which look names up, so that every definition must be known by then).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any

from tree_sitter import Node

from magellan_lsp.extract.documentation import CommentBlocks
from magellan_lsp.extract.scopes import ScopeTree
from magellan_lsp.extract.symbols import number_symbols
from magellan_lsp.facts.file_facts import (
    COLUMNS,
    IMPORTED,
    MEMBER,
    OPEN,
    FileFacts,
    Problem,
)
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role, ScopeKind
from magellan_lsp.languages.base import ExprHandler, Language

# Plain integers: the enums' own operators are many times slower, and these run once per name in the workspace.
_REACHES = int(DefFlag.REACHES)
_INSTANCE = int(DefFlag.INSTANCE)
_DECLARATION = int(DefFlag.DECLARATION)
_SECOND = int(DefFlag.DECLARATION | DefFlag.UNLIKELY)
_ROLE_DEFINITION = int(Role.DEFINITION)
_ROLE_DECLARATION = int(Role.DECLARATION)
_READ = int(Role.READ)
_WRITE = int(Role.WRITE)
_CALL = int(Role.CALL)
_TYPE = int(Role.TYPE)
_DEF = int(ExprOp.DEF)
_NAME = int(ExprOp.NAME)
#: What gives a definition its value: a node, an expression's index, or a function that makes one when all names are known.
Value = Node | int | Callable[[], int] | None
#: A file may not blow up memory through one construct: expressions deeper than this say nothing.
MAX_EXPR_DEPTH = 60
#: So many definitions of one name in one scope are looked at; of more, a choice.
_MANY = 64


class Builder(ScopeTree):
    """One file under construction. All positions are byte offsets."""

    UNKNOWN = 0  # the expression that says nothing

    def __init__(self, path: str, language: Language, source: bytes, root: Node) -> None:
        super().__init__(source, root)
        self.path = path
        self.language = language
        self.names: list[str] = [""]
        self._names: dict[str, int] = {"": 0}
        self.groups: list[str] = []
        self.problems: list[Problem] = []
        self.module = language.module_name(path)

        # definitions
        self.def_name: list[int] = []
        self.def_kind: list[int] = []
        self.def_flags: list[int] = []
        self.def_name_start: list[int] = []
        self.def_name_end: list[int] = []
        self.def_start: list[int] = []
        self.def_end: list[int] = []
        self.def_scope: list[int] = []
        self.def_body: list[int] = []
        self.def_owner: list[int] = []
        self.def_type: list[int] = []
        self.def_visible: list[int] = []
        self.def_signature_end: list[int] = []
        self.def_doc_start: list[int] = []
        self.def_doc_end: list[int] = []
        self._qualifiers: dict[int, str] = {}
        self._type_nodes: list[tuple[int, Node | Callable[[], int]]] = []

        # values, as nodes first, as expressions at the end
        self._computed: dict[int, list[tuple[int, int]]] = {}
        self._sites: list[tuple[int, int, int, Value, Node | int | None]] = []
        self._narrowings: list[tuple[int, int, int, Node | Callable[[], int]]] = []
        self._moments: dict[int, list[int]] | None = None

        # expressions
        self._exprs: dict[tuple[int, ...], int] = {(int(ExprOp.UNKNOWN),): 0}
        self._expr_memo: dict[int, int] = {}
        self._table: dict[int, ExprHandler] = language.expression_table
        self._depth = 0

        # occurrences: start -> (end, name, role, scope, target, expr); the first to claim a token keeps it
        self.claims: dict[int, tuple[int, int, int, int, int]] = {}
        self._extra: list[tuple[int, int, int, int, int, int]] = []
        self.calls: set[int] = set()  # starts of name tokens that are called
        self.writes: set[int] = set()
        self.types: set[int] = set()

        self.imports: list[tuple[int, int, int, int, int, int, int, int]] = []
        self.bases: list[tuple[int, int, int]] = []
        self.extensions: list[tuple[int, int, int, int]] = []
        self.comments: list[tuple[int, int]] = []
        self.def_of_node: dict[int, int] = {}  # node id of a captured definition -> its row
        self.exported: set[str] = set()  # names the file says it exports
        #: member tokens without nodes of their own
        self.late_members: list[tuple[str, int, int, Callable[[], int]]] = []
        #: (class definition, name) -> member bound through its receiver
        self._instance: dict[tuple[int, str], int] = {}
        self._closed_sites: list[tuple[int, int, int, int, int]] = []
        self.notes: dict[Any, Any] = {}  # what one hook of a language tells its others

    # -- text and names

    def text(self, node: Node) -> str:
        """The node's text."""
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def name_index(self, name: str) -> int:
        """The index of a name in the file's name table, allocated on first use."""
        index = self._names.get(name)
        if index is None:
            index = self._names[name] = len(self.names)
            self.names.append(name)
        return index

    def knows(self, name: str) -> bool:
        """Whether the name is in the file's name table already."""
        return name in self._names

    def name_of(self, node: Node) -> int:
        """``name_index`` of the node's text."""
        return self.name_index(self.source[node.start_byte : node.end_byte].decode("utf-8", "replace"))

    @staticmethod
    def first_named(node: Node) -> Node | None:
        """The first named child that is no comment."""
        for child in node.named_children:
            if not child.is_extra:
                return child
        return None

    # -- definitions

    def define(
        self,
        kind: DefKind,
        name: str,
        name_start: int,
        name_end: int,
        start: int,
        end: int,
        *,
        scope: int,
        body: int = -1,
        flags: DefFlag | int = 0,
        type_node: Node | None = None,
        owner: int | None = None,
        visible: int = 0,
        qualifier: str = "",
        signature_end: int = -1,
        claim: bool = True,
        lexical: bool = True,
    ) -> int:
        """Add a definition and bind its name in ``scope``.

        Args:
            body: the scope it opens, -1 for none; its ``scope_def`` is set.
            type_node: declared type (of a function: its return type); becomes an expression at the end.
            owner: enclosing definition; by default the owner of ``scope``.
            visible: offset from which look-up sees it when its kind is sequential.
            qualifier: replaces the owner's qualified name (Go receivers, C++ ``A::f``).
            claim: write the DEFINITION occurrence of the name token.
            lexical: False for members that plain names never reach.

        Returns: the row of the definition.
        """
        row = len(self.def_name)
        flags = int(flags)
        self.def_name.append(self.name_index(name))
        self.def_kind.append(int(kind))
        self.def_flags.append(flags)
        self.def_name_start.append(name_start)
        self.def_name_end.append(name_end)
        self.def_start.append(start)
        self.def_end.append(end)
        self.def_scope.append(scope)
        self.def_body.append(body)
        self.def_owner.append(self.owner_of(scope) if owner is None else owner)
        self.def_type.append(-1)
        self.def_visible.append(visible)
        self.def_signature_end.append(signature_end)
        self.def_doc_start.append(-1)
        self.def_doc_end.append(-1)
        if qualifier:
            self.qualify(row, qualifier)
        if type_node is not None:
            self._type_nodes.append((row, type_node))
        if body >= 0:
            self.scope_def[body] = row
        if name and lexical and scope >= 0 and not flags & _INSTANCE:
            if self._bound_names.setdefault(name, scope) != scope:
                self._bound_names[name] = -1
            bound = self._bound[scope]
            there = bound.get(name)
            if there is None:
                bound[name] = row
            elif isinstance(there, list):
                there.append(row)
            else:
                bound[name] = [there, row]
        if claim and name_end > name_start:
            role = _ROLE_DECLARATION if flags & _DECLARATION else _ROLE_DEFINITION
            self.claims[name_start] = (name_end, self.def_name[row], role, row, -1)
        return row

    def define_node(self, kind: DefKind, name: Node, node: Node, *, scope: int, **more: Any) -> int:
        """``define`` with the name token and the whole node given as nodes."""
        return self.define(
            kind,
            self.text(name),
            name.start_byte,
            name.end_byte,
            node.start_byte,
            node.end_byte,
            scope=scope,
            **more,
        )

    def bind(
        self,
        name: Node,
        *,
        kind: DefKind = DefKind.VARIABLE,
        scope: int | None = None,
        node: Node | None = None,
        value: Value = None,
        type_node: Node | int | None = None,
        flags: DefFlag | int = 0,
        visible: int = 0,
    ) -> int:
        """A name gets a value here: a new definition, or a further value of one that the scope already binds.

        ``scope`` is where the name lives (default: the scope at the name). Returns the definition's row.
        """
        text = self.text(name)
        start, end = name.start_byte, name.end_byte
        if scope is None:
            scope = self.scope_at(start)
        scope = self._redirects.get((scope, text), scope)
        row = -1
        if self.language.rebinds:
            there = self._bound[scope].get(text)
            if isinstance(there, list):
                there = there[-1]
            if there is not None and self.def_kind[there] in _REBINDABLE:
                row = there
        if row < 0:
            whole = node or name
            row = self.define(
                kind,
                text,
                start,
                end,
                whole.start_byte,
                whole.end_byte,
                scope=scope,
                flags=flags,
                visible=visible,
            )
        elif start != self.def_name_start[row]:
            self.claims.setdefault(start, (end, self.def_name[row], int(Role.WRITE), row, -1))
        if value is not None or type_node is not None:
            self.add_site(row, start, value, type_node)
        return row

    def bind_member(
        self,
        owner: int,
        name: Node,
        node: Node,
        *,
        value: Value = None,
        type_node: Node | None = None,
        kind: DefKind = DefKind.FIELD,
    ) -> int:
        """``self.name = value`` in a method of class ``owner``: a member of the class, or a further value of one."""
        text = self.text(name)
        scope = self.def_body[owner]
        row = self.definition_named(scope, text) if scope >= 0 else -1
        if row < 0:
            row = self._instance.get((owner, text), -1)
        if row < 0:
            row = self.define_node(kind, name, node, scope=scope, owner=owner, flags=_INSTANCE)
            self._instance[(owner, text)] = row
        elif name.start_byte != self.def_name_start[row]:
            start = name.start_byte
            self.claims.setdefault(start, (name.end_byte, self.def_name[row], int(Role.WRITE), row, -1))
        if value is not None or type_node is not None:
            self.add_site(row, name.start_byte, value, type_node)
        return row

    def first_parameter(self, function: int) -> int:
        """The first parameter of a function, or -1."""
        scope = self.def_body[function]
        best = -1
        for found in self._bound[scope].values() if scope >= 0 else ():
            row = found if isinstance(found, int) else found[0]
            if self.def_kind[row] == DefKind.PARAMETER and (
                best < 0 or self.def_start[row] < self.def_start[best]
            ):
                best = row
        return best

    def token(self, name: str, start: int, end: int, role: Role, target: int, expr: int = -1) -> None:
        """``occurrence`` for a token that has no node of its own (a name inside a string)."""
        if start not in self.claims:
            self.claims[start] = (end, self.name_index(name), int(role), target, expr)

    def add_site(
        self, definition: int, start: int, value: Value, type_node: Node | int | None = None
    ) -> None:
        """Record a value or declared type of a definition, as nodes (or ready expression indices)."""
        self._sites.append((definition, start, self.branch_end(start), value, type_node))

    def computed_before(self, definition: int, start: int, end: int) -> None:
        """The value that the definition gets at ``start`` is computed first: up to ``end`` its name means what it meant
        before (``x = x.next``). To be called in source order.
        """
        self._computed.setdefault(definition, []).append((start, end))

    def narrow(self, name: Node, type_node: Node, start: int, end: int) -> None:
        """Between ``start`` and ``end`` the variable has the type that a check found (isinstance, instanceof, …)."""
        self.narrow_definition(self.lookup(self.text(name), name.start_byte), type_node, start, end)

    def narrow_definition(
        self, definition: int, type_node: Node | Callable[[], int], start: int, end: int
    ) -> None:
        """``narrow`` for a variable whose definition is known; nothing happens for -1. ``type_node`` may make the type's
        expression itself, when all definitions are known.
        """
        if definition >= 0 and self.def_kind[definition] in _FLOW_KINDS:
            self._narrowings.append((definition, start, end, type_node))

    def detached_scope(self, definition: int, parent: int) -> int:
        """A class scope without text of its own, for members that are declared one by one elsewhere in the file."""
        scope = len(self.scope_kind)
        end = self.def_end[definition]
        self.scope_kind.append(_CLASS)
        self.scope_parent.append(parent)
        self.scope_start.append(end)
        self.scope_end.append(end)
        self.scope_def.append(definition)
        self._bound.append({})
        return scope

    def qualify(self, definition: int, qualifier: str) -> None:
        """From now on ``qualifier`` stands before the definition's own name, in place of its owner's."""
        self._qualifiers[definition] = qualifier

    def set_type(self, definition: int, node: Node | Callable[[], int]) -> None:
        """Declare the definition's type (a function's: its return type), as a node or as what builds the expression
        when all names are known.
        """
        self._type_nodes.append((definition, node))

    def result_node(self, definition: int) -> Node | Callable[[], int] | None:
        """The declared type of a definition, as it was given."""
        return next((node for row, node in self._type_nodes if row == definition), None)

    def also_bind(self, scope: int, name: str, definition: int) -> None:
        """Look-up in ``scope`` finds the definition under this name too (the tag of a C struct: ``struct x``)."""
        there = self._bound[scope].get(name)
        if there is None:
            self._bound[scope][name] = definition
        elif isinstance(there, list):
            there.append(definition)
        else:
            self._bound[scope][name] = [there, definition]

    def definition_named(self, scope: int, name: str) -> int:
        """The latest definition that ``scope`` itself binds to ``name``, or -1."""
        there = self._bound[scope].get(name)
        if there is None:
            return -1
        return there[-1] if isinstance(there, list) else there

    # -- look-up

    def lookup(self, name: str, offset: int, scope: int | None = None, space: int = 0) -> int:
        """Lexical look-up in the file. Returns a definition or -1 when other files have a say (OPEN).

        ``space``: only definitions in one of these name spaces (bits of ``Language.spaces``); 0: in any.
        """
        if scope is None:
            scope = self._edge_scopes[bisect_right(self._edges, offset) - 1]
        if space or self.language.closed_scopes:
            return self._lookup_closed(name, offset, scope, space)
        kinds, parents, bound = self.scope_kind, self.scope_parent, self._bound
        class_visible = self.language.class_scope_visible
        left_function = False
        redirects = self._redirects
        while scope >= 0:
            kind = kinds[scope]
            if kind != _CLASS or class_visible or not left_function:
                there = bound[scope].get(name)
                if there is not None:
                    if isinstance(there, int):
                        if not (self.def_flags[there] & _REACHES) or self.def_visible[there] <= offset:
                            return there
                    else:
                        if self.language.rebinds:
                            return self._in_force(there, offset, later=left_function)
                        found = self._latest(self._some(there, offset), offset)
                        if found >= 0:
                            return found
                if redirects:
                    to = redirects.get((scope, name))
                    if to is not None and to != scope:
                        return self.lookup(name, offset, to)
                if kind == _CLASS and scope in self._open_classes:
                    return OPEN
            if kind == _FUNCTION or kind == _COMPREHENSION:  # noqa: SIM109 - runs once per name
                left_function = True
            scope = parents[scope]
        return OPEN

    def _lookup_closed(self, name: str, offset: int, scope: int, space: int) -> int:
        """``lookup`` for languages with several name spaces, or in which some scopes hide what is around them."""
        kinds, parents, bound = self.scope_kind, self.scope_parent, self._bound
        hidden, closed, spaces = (
            self.language.hidden_scopes,
            self.language.closed_scopes,
            self.language.spaces,
        )
        only = self._bound_names.get(name)
        if only is None:
            return OPEN
        if only == 0 and closed and not self._open_classes:  # an item of the file: only a module can hide it
            if (self._modules or self._find_modules())[scope]:
                return OPEN
            scope = 0
        # whether a class in between may have a member of this name that the file does not show
        inherited = False
        while scope >= 0:
            there = bound[scope].get(name)
            if there is not None and kinds[scope] not in hidden:
                if isinstance(there, int):
                    found = there
                    if (space and not spaces.get(self.def_kind[there], 0) & space) or (
                        self.def_flags[there] & _REACHES and self.def_visible[there] > offset
                    ):
                        found = -1
                else:
                    rows = self._some(there, offset)
                    if space:
                        rows = [row for row in rows if spaces.get(self.def_kind[row], 0) & space]
                    found = self._latest(rows, offset)
                if found >= 0:
                    return OPEN if inherited and self.def_kind[found] not in _LOCALS else found
            if scope in self._open_classes:
                inherited = True
            if kinds[scope] in closed:
                break
            scope = parents[scope]
        return OPEN

    def _find_modules(self) -> list[int]:
        """Per scope the nearest closed scope around it, itself included; 0 is the file."""
        closed, kinds = self.language.closed_scopes, self.scope_kind
        found = self._modules
        for scope, parent in enumerate(self.scope_parent):
            found.append(scope if kinds[scope] in closed else found[parent] if parent >= 0 else 0)
        return found

    def _some(self, rows: list[int], offset: int) -> list[int]:
        """All of the definitions of a name in one scope; of very many the first, the last and those just before ``offset``.

        In generated (or hostile) code a name may have tens of thousands of definitions and as many uses.
        """
        if len(rows) <= _MANY:
            return rows
        known = self._in_order.get(id(rows))
        if known is None or len(known) != len(rows):
            known = self._in_order[id(rows)] = sorted(rows, key=self.def_name_start.__getitem__)
        at = bisect_right(known, offset, key=self.def_name_start.__getitem__)
        part = _MANY // 4
        ends = (range(part), range(max(0, at - 2 * part), at), range(len(known) - part, len(known)))
        return [known[index] for index in sorted({index for end in ends for index in end})]

    def _latest(self, rows: list[int], offset: int) -> int:
        """Of several definitions of a name in one scope, the one a use at ``offset`` sees."""
        best = -1
        for row in rows:
            if self.def_flags[row] & _REACHES:
                if self.def_visible[row] <= offset:
                    best = row
            elif best < 0 or (self.def_flags[best] & _SECOND and not self.def_flags[row] & _SECOND):
                best = row  # what defines a name counts before what only declares it
        return best

    def _in_force(self, rows: list[int], offset: int, *, later: bool) -> int:
        """Of several definitions that running code gives a name, the one a use at ``offset`` sees.

        The last before the use, or the last of all for a use that runs later (in a function further in). What has a body
        counts before variables (``f = wrap(f)``) and overload signatures. Where an import is among them it is nearly
        always ``try: import … except ImportError: …``, whose first way is the usual one.
        """
        rows = sorted(self._some(rows, offset), key=self.def_name_start.__getitem__)
        solid = [row for row in rows if self.def_kind[row] not in _VALUE_KINDS] or rows
        if any(self.def_kind[row] == DefKind.IMPORT for row in solid):
            return solid[0]
        solid = [row for row in solid if not self.def_flags[row] & DefFlag.OVERLOAD] or solid
        best = solid[0]
        for row in solid:
            if later or self.def_name_start[row] <= offset:
                best = row
        return best

    # -- expressions

    def expr(self, op: int, *args: int) -> int:
        """The index of ``(op, *args)``, allocated on first use."""
        key = (int(op), *args)
        exprs = self._exprs
        index = exprs.get(key)
        if index is None:
            index = exprs[key] = len(exprs)
        return index

    def name_expr(self, name: str, offset: int, space: int = 0) -> int:
        """The expression of a plain name used at ``offset``."""
        found = self.lookup(name, offset, None, space)
        if found >= 0:
            kind = self.def_kind[found]
            # Only what may hold different values at different places needs to know the place.
            at = self._moment(found, offset) if kind in _FLOW_KINDS else 0
            return self.expr(_DEF, found, at)
        return self.expr(_NAME, self.name_index(name), self.scope_at(offset), space)

    def _moment(self, definition: int, offset: int) -> int:
        """The earliest offset at which the definition has the same values as at ``offset``, so that uses between two
        assignments share one expression. 0: anywhere in the code that another function may run.
        """
        if self.function_of(self.scope_at(offset)) != self.function_of(self.def_scope[definition]):
            return 0
        computed = self._computed.get(definition)
        if computed is not None:
            position = bisect_right(computed, (offset, 0)) - 1
            if position >= 0 and computed[position][0] < offset < computed[position][1]:
                offset = computed[position][0] - 1
        moments = self._moments
        if moments is None:
            moments = self._moments = {}
            for site in self._sites:
                moments.setdefault(site[0], []).extend(site[1:3])
            for narrowing in self._narrowings:
                moments.setdefault(narrowing[0], []).extend(narrowing[1:3])
            for found in moments.values():
                found.sort()
        marks = moments.get(definition)
        if marks is None:
            return 0
        at = bisect_right(marks, offset) - 1
        return marks[at] if at >= 0 else 0

    def expr_of(self, node: Node | None) -> int:
        """The expression of a node; 0 (UNKNOWN) where the language's table has no handler."""
        if node is None:
            return 0
        memo = self._expr_memo
        key = node.id
        found = memo.get(key)
        if found is not None:
            return found
        handler = self._table.get(node.kind_id)
        if handler is None:
            return 0
        if self._depth >= MAX_EXPR_DEPTH:
            return 0
        self._depth += 1
        try:
            found = handler(self, node)
        finally:
            self._depth -= 1
        memo[key] = found
        return found

    def arguments(self, node: Node) -> Iterable[int]:
        """Expressions of the arguments in an argument list, the first eight."""
        found = []
        for child in node.named_children:
            if child.is_extra:
                continue
            found.append(self.expr_of(child))
            if len(found) == 8:
                break
        return found

    def union(self, *parts: int) -> int:
        """One of the parts; unknown ones are left out."""
        kept = sorted({part for part in parts if part > 0})
        if not kept:
            return 0
        return kept[0] if len(kept) == 1 else self.expr(ExprOp.UNION, *kept)

    # -- occurrences

    def occurrence(
        self, node: Node, role: Role, target: int, expr: int = -1, name: str | None = None
    ) -> None:
        """Claim a name token. The first claim of a token wins (definitions come first)."""
        start = node.start_byte
        if start not in self.claims:
            index = self.name_index(name) if name is not None else self.name_of(node)
            self.claims[start] = (node.end_byte, index, int(role), target, expr)

    def also(self, node: Node, role: Role, target: int, expr: int = -1) -> None:
        """A second meaning of a token that is already claimed (shorthand fields)."""
        start = node.start_byte
        self._extra.append((start, node.end_byte, self.name_of(node), int(role), target, expr))

    def references(self, nodes: Iterable[Node], role: int = _READ) -> None:
        """Plain names in use, each bound by a scope of the file, or open. Tokens that are claimed stay as
        they are. Every definition must be known.
        """
        # This runs for every identifier of the workspace: what can be decided once per name and scope is.
        claims, source, calls, writes, types = self.claims, self.source, self.calls, self.writes, self.types
        edges, inner, names, lookup = self._edges, self._edge_scopes, self._names, self.lookup
        language = self.language
        spaces = {
            _CALL: language.call_space or language.value_space,
            _TYPE: language.type_space,
        }
        value_space = language.value_space
        moving = self._moving_names()
        known: dict[tuple[int, str, int], int] = {}
        for node in nodes:
            start = node.start_byte
            if start in claims:
                continue
            end = node.end_byte
            name = source[start:end].decode("utf-8", "replace")
            use = role
            if start in calls:
                use = _CALL
            elif start in writes:
                use = _WRITE
            elif start in types:
                use = _TYPE
            space = spaces.get(use, value_space)
            scope = inner[bisect_right(edges, start) - 1]
            if name in moving:
                target = lookup(name, start, scope, space)
            else:
                key = (scope, name, space)
                found = known.get(key)
                if found is None:
                    found = known[key] = lookup(name, start, scope, space)
                target = found
            index = names.get(name)
            if index is None:
                index = self.name_index(name)
            claims[start] = (end, index, use, target, -1)

    def reference(self, node: Node, role: int = _READ) -> None:
        """``references`` for a single name."""
        start = node.start_byte
        if start in self.claims:
            return
        name = self.text(node)
        role = int(role)
        if start in self.calls:
            role = _CALL
        elif start in self.writes:
            role = _WRITE
        elif start in self.types:
            role = _TYPE
        language = self.language
        space = language.value_space
        if role == _TYPE:
            space = language.type_space
        elif role == _CALL and language.call_space:
            space = language.call_space
        target = self.lookup(name, start, None, space)
        self.claims[start] = (node.end_byte, self.name_index(name), role, target, -1)

    def _moving_names(self) -> set[str]:
        """Names that may mean different things at different places of one scope."""
        flags, reaching = self.def_flags, _REACHES
        found: set[str] = set()
        for bound in self._bound:
            for name, there in bound.items():
                if there.__class__ is list or flags[there] & reaching:  # type: ignore[index]
                    found.add(name)
        return found

    def member(self, name: Node, obj: Node, role: int = _READ) -> None:
        """A member access: ``name`` hangs off what ``obj`` evaluates to."""
        start = name.start_byte
        claims = self.claims
        if start in claims:
            return
        if start in self.calls:
            role = _CALL
        elif start in self.writes:
            role = _WRITE
        elif start in self.types:
            role = _TYPE
        end = name.end_byte
        text = self.source[start:end].decode("utf-8", "replace")
        index = self._names.get(text)
        if index is None:
            index = self.name_index(text)
        expr = self._expr_memo.get(obj.id)
        claims[start] = (end, index, role, MEMBER, self.expr_of(obj) if expr is None else expr)

    # -- imports, bases, extensions

    def add_import(
        self,
        *,
        module: str | None,
        name: str | None = None,
        definition: int = -1,
        flags: ImportFlag | int = 0,
        start: int = 0,
        end: int = 0,
        scope: int = 0,
        level: int = 0,
    ) -> int:
        """Record an import; returns its row. ``name`` None means the module itself.

        Every part of the module path enters the name table: when a file of that name comes or goes, whoever mentions
        the part is linked again.
        """
        row = len(self.imports)
        if module:
            for part in _PATH_BREAKS.split(module):
                for piece in (part, *part.split(".")):
                    self.name_index(piece)
        self.imports.append(
            (
                definition,
                self.name_index(module) if module is not None else -1,
                self.name_index(name) if name is not None else -1,
                int(flags),
                start,
                end,
                scope,
                level,
            )
        )
        return row

    def leave_out_imports(self, start: int, end: int) -> None:
        """Flag the imports whose module path lies between two offsets as left out."""
        for row, one in enumerate(self.imports):
            if start <= one[4] < end:
                self.imports[row] = (*one[:3], one[3] | ImportFlag.LEFT_OUT, *one[4:])

    def import_name(self, node: Node, row: int, name: str | None = None) -> None:
        """The imported name's token in an import statement."""
        self.occurrence(node, Role.IMPORT, IMPORTED, row, name)

    def add_base(self, definition: int, expr: int, kind: int = 0) -> None:
        """A base class, interface or trait of a class-like definition."""
        if expr > 0:
            self.bases.append((definition, expr, kind))

    def add_extension(self, type_name: str, expr: int, definition: int, trait: int = -1) -> None:
        """``definition`` is (or holds) members of the type that ``expr`` denotes."""
        self.extensions.append((self.name_index(type_name), expr, definition, trait))

    # -- closing

    def _close_sites(self) -> list[tuple[int, int, int, int, int]]:
        rows = []
        for definition, start, until, value, type_node in self._sites:
            if value is None or isinstance(value, int):
                value_expr = -1 if value is None else value
            else:
                value_expr = self.expr_of(value) if isinstance(value, Node) else value()
            type_expr = type_node if isinstance(type_node, int) else self.type_expr(type_node)
            if value_expr > 0 or type_expr > 0:
                rows.append((definition, start, until, value_expr, type_expr))
        for definition, start, until, checked in self._narrowings:
            narrowed = checked() if callable(checked) else self.type_expr(checked)
            if narrowed > 0:
                rows.append((definition, start, until, self.expr(ExprOp.NARROW, narrowed), -1))
        for definition, node in self._type_nodes:
            self.def_type[definition] = node() if callable(node) else self.type_expr(node)
        rows.sort()
        return rows

    def type_expr(self, node: Node | None) -> int:
        """The expression of a type node, -1 for none."""
        if node is None:
            return -1
        found = self.expr_of(node)
        return found if found > 0 else -1

    def prepare(self) -> None:
        """Turn noted nodes into expressions; every definition and import must be known."""
        self._closed_sites = self._close_sites()
        for name, start, end, make in self.late_members:
            self.token(name, start, end, Role.TYPE, MEMBER, make())

    def finish(self, digest: bytes) -> FileFacts:
        """The facts. The builder is of no use afterwards."""
        if self.language.finish is not None:
            self.language.finish(self)
        columns: dict[str, Any] = {}
        self._fill_occurrences(columns)
        _fill(
            columns, ("site_def", "site_start", "site_until", "site_value", "site_type"), self._closed_sites
        )
        _fill(
            columns,
            (
                "import_def",
                "import_module",
                "import_name",
                "import_flags",
                "import_start",
                "import_end",
                "import_scope",
                "import_level",
            ),
            self.imports,
        )
        _fill(columns, ("base_def", "base_expr", "base_kind"), sorted(set(self.bases)))
        _fill(
            columns, ("extension_name", "extension_expr", "extension_def", "extension_trait"), self.extensions
        )
        starts = array("i", [0])
        data = array("i")
        for parts in self._exprs:
            data.extend(parts)
            starts.append(len(data))
        columns["expr_start"], columns["expr_data"] = starts, data
        self._document()
        names = [self.names[name] for name in self.def_name]
        symbols = number_symbols(self.path, names, self.def_kind, self.def_owner, self._qualifiers)
        columns["def_symbol"] = array("i", symbols.of_definition)
        for key in COLUMNS:
            if key not in columns:
                columns[key] = array("i", getattr(self, key))
        facts = FileFacts(
            {
                "path": self.path,
                "language": self.language.name,
                "digest": digest,
                "size": len(self.source),
                "names": self.names,
                "symbol_ids": symbols.ids,
                "qualified": symbols.qualified,
                "module": self.module,
                "groups": self.groups,
                "problems": self.problems,
            },
            columns,
        )
        # Values that wait for all names hold on to the builder, and it to the tree: without this, all of it
        # would stay until a collection of cycles.
        self.__dict__.clear()
        return facts

    def _fill_occurrences(self, columns: dict[str, Any]) -> None:
        """The table of occurrences, by start."""
        claims = self.claims
        starts = sorted(claims)
        rows = [claims[start] for start in starts]
        if self._extra:
            found = [(start, *row) for start, row in zip(starts, rows, strict=True)]
            found += self._extra
            found.sort()
            starts = [row[0] for row in found]
            rows = [row[1:] for row in found]
        edges, inner = self._edges, self._edge_scopes
        scopes = [inner[bisect_right(edges, start) - 1] for start in starts]
        columns["occ_start"] = array("i", starts)
        columns["occ_scope"] = array("i", scopes)
        _fill(columns, ("occ_end", "occ_name", "occ_role", "occ_target", "occ_expr"), rows)

    def _document(self) -> None:
        """Give definitions without a docstring the comment that ends on the line above them."""
        if not self.comments:
            return
        blocks = CommentBlocks(self.source, self.comments)
        for row, start in enumerate(self.def_start):
            if self.def_doc_start[row] < 0 and self.def_kind[row] not in _UNDOCUMENTED:
                found = blocks.above(start)
                if found is not None:
                    self.def_doc_start[row], self.def_doc_end[row] = found


def _fill(columns: dict[str, Any], names: tuple[str, ...], rows: list[Any]) -> None:
    """Turn rows into columns."""
    if rows:
        for name, values in zip(names, zip(*rows, strict=True), strict=True):
            columns[name] = array("i", values)
    else:
        for name in names:
            columns[name] = array("i")


#: What separates the parts of a module path: ``a/b.h``, ``a.b``, ``crate::a``.
_PATH_BREAKS = re.compile(r"[/\\:\s'\"<>]+")
_CLASS = int(ScopeKind.CLASS)
_FUNCTION = int(ScopeKind.FUNCTION)
_COMPREHENSION = int(ScopeKind.COMPREHENSION)
_LOCALS = frozenset({int(DefKind.VARIABLE), int(DefKind.PARAMETER), int(DefKind.TYPE_PARAMETER)})
_FLOW_KINDS = frozenset({int(DefKind.VARIABLE), int(DefKind.PARAMETER)})
_VALUE_KINDS = _FLOW_KINDS | {int(DefKind.CONSTANT), int(DefKind.FIELD)}
_REBINDABLE = frozenset(
    {
        int(DefKind.VARIABLE),
        int(DefKind.CONSTANT),
        int(DefKind.PARAMETER),
        int(DefKind.FIELD),
        int(DefKind.PROPERTY),
    }
)
_UNDOCUMENTED = frozenset(
    {
        int(DefKind.MODULE),
        int(DefKind.PARAMETER),
        int(DefKind.TYPE_PARAMETER),
        int(DefKind.IMPORT),
        int(DefKind.LABEL),
    }
)
