"""The scopes of one file as a tree, and where an assigned value surely holds."""

from __future__ import annotations

from bisect import bisect_right

from tree_sitter import Node

from magellan_lsp.facts.kinds import ScopeKind

_CLASS = int(ScopeKind.CLASS)
_FUNCTION = int(ScopeKind.FUNCTION)


class ScopeTree:
    """Scopes are announced in any order, then numbered; afterwards each offset has its scope. All positions are byte
    offsets.
    """

    def __init__(self, source: bytes, root: Node) -> None:
        self.source = source
        self.root = root
        self.scope_kind: list[int] = []
        self.scope_parent: list[int] = []
        self.scope_start: list[int] = []
        self.scope_end: list[int] = []
        self.scope_def: list[int] = []
        self._scope_nodes: dict[int, int] = {}  # node id -> scope
        self._bound: list[dict[str, int | list[int]]] = []  # per scope: name -> definition(s)
        self._in_order: dict[int, list[int]] = {}  # long lists of `_bound` by their identity, sorted
        self._bound_names: dict[str, int] = {}  # the scope that binds a name, -1 for several
        self._modules: list[int] = []  # per scope the nearest closed one around it, itself included, or 0
        self._edges: list[int] = []  # offsets where the innermost scope changes
        self._edge_scopes: list[int] = []
        self._raw_scopes: list[tuple[int, int, int, int]] = []  # start, -end, kind, node id
        #: (scope, name) -> scope that binds it (global, nonlocal)
        self._redirects: dict[tuple[int, str], int] = {}
        self._open_classes: set[int] = set()  # class scopes whose inherited members other files decide
        self.outer: list[tuple[int, int]] = []  # spans whose names are looked up one scope further out
        self._branch_ends: list[int] = []
        self._branch_starts: list[int] = []
        self._branches: list[tuple[int, int]] = []

    def add_scope(self, start: int, end: int, kind: ScopeKind, node_id: int = 0) -> None:
        """Announce a scope; ``close_scopes`` numbers them."""
        self._raw_scopes.append((start, -end, int(kind), node_id))

    def close_scopes(self) -> None:
        """Order the scopes into a tree and make ``scope_at`` work. The file is scope 0."""
        raw = [(0, -len(self.source) - 1, int(ScopeKind.FILE), self.root.id), *sorted(self._raw_scopes)]
        kinds, parents, starts, ends = self.scope_kind, self.scope_parent, self.scope_start, self.scope_end
        edges, inner = self._edges, self._edge_scopes
        stack: list[int] = []
        for start, negative_end, kind, node_id in raw:
            end = -negative_end
            while stack and ends[stack[-1]] <= start:
                closed = stack.pop()
                edges.append(ends[closed])
                inner.append(stack[-1] if stack else 0)
            scope = len(kinds)
            kinds.append(kind)
            parents.append(stack[-1] if stack else -1)
            starts.append(start)
            ends.append(min(end, ends[stack[-1]]) if stack else end)
            self._scope_nodes[node_id] = scope
            edges.append(start)
            inner.append(scope)
            stack.append(scope)
        while stack:
            closed = stack.pop()
            edges.append(ends[closed])
            inner.append(stack[-1] if stack else 0)
        self.scope_def = [-1] * len(kinds)
        self._bound = [{} for _ in kinds]
        self._apply_outer()

    def _apply_outer(self) -> None:
        """Cut the ``outer`` spans out of their scopes: there the scope around applies."""
        cuts: list[tuple[int, int]] = []
        for start, end in sorted(set(self.outer)):
            if cuts and start < cuts[-1][1]:
                continue  # inside another one
            cuts.append((start, end))
        if not cuts:
            return
        edges, inner = self._edges, self._edge_scopes
        found: list[tuple[int, int, int]] = []
        for start, end in cuts:
            at = bisect_right(edges, start) - 1
            scope = inner[at]
            if self.scope_start[scope] == start:
                # the span itself opens a scope (a lambda as default value): what counts is the one around
                scope = self.scope_parent[scope]
            around = self.scope_parent[scope] if scope > 0 else 0
            last = bisect_right(edges, end) - 1
            found.append((start, around, 0))
            found.append((end, inner[last], 1))
            self._cut_inside(start, end, scope, around)
        merged: dict[int, int] = dict(zip(edges, inner, strict=True))
        for edge, scope, closing in found:
            if not closing or edge not in merged:
                merged[edge] = scope
        self._edges = sorted(merged)
        self._edge_scopes = [merged[edge] for edge in self._edges]

    def _cut_inside(self, start: int, end: int, scope: int, around: int) -> None:
        """Scopes inside an ``outer`` span hang below the scope around it."""
        parents = self.scope_parent
        for child in range(scope + 1, len(parents)):
            if self.scope_start[child] >= end:
                break
            if parents[child] == scope and self.scope_start[child] >= start:
                parents[child] = around

    def scope_at(self, offset: int) -> int:
        """The innermost scope that holds the byte at ``offset``."""
        return self._edge_scopes[bisect_right(self._edges, offset) - 1]

    def scope_of(self, node: Node) -> int:
        """The scope that a captured node opened, or -1."""
        return self._scope_nodes.get(node.id, -1)

    def enclosing(self, scope: int, *kinds: ScopeKind) -> int:
        """The nearest scope of one of the kinds, itself included; the file when there is none."""
        while scope > 0 and self.scope_kind[scope] not in kinds:
            scope = self.scope_parent[scope]
        return scope

    def owner_of(self, scope: int) -> int:
        """The innermost definition in whose body a scope lies, or -1."""
        while scope >= 0:
            definition = self.scope_def[scope]
            if definition >= 0:
                return definition
            scope = self.scope_parent[scope]
        return -1

    def redirect(self, scope: int, name: str, to: int) -> None:
        """From now on ``name`` in ``scope`` means what ``to`` binds (Python ``global``, ``nonlocal``)."""
        self._redirects[(scope, name)] = to

    def open_class(self, scope: int) -> None:
        """The class scope may have members that this file does not show (inherited ones)."""
        self._open_classes.add(scope)

    def add_branch(self, start: int, end: int) -> None:
        self._branches.append((start, -end))

    def close_branches(self) -> None:
        edges: list[tuple[int, int]] = [(0, len(self.source) + 1)]
        stack: list[int] = [len(self.source) + 1]
        for start, negative_end in sorted(self._branches):
            while stack[-1] <= start:
                closed = stack.pop()
                edges.append((closed, stack[-1]))
            end = min(-negative_end, stack[-1])
            stack.append(end)
            edges.append((start, end))
        while len(stack) > 1:
            closed = stack.pop()
            edges.append((closed, stack[-1]))
        self._branch_starts = [edge for edge, _ in edges]
        self._branch_ends = [end for _, end in edges]

    def branch_end(self, offset: int) -> int:
        """The end of the innermost branch at ``offset``."""
        return self._branch_ends[bisect_right(self._branch_starts, offset) - 1]

    def function_of(self, scope: int) -> int:
        """The function (or file) scope in which code of a scope runs."""
        kinds, parents = self.scope_kind, self.scope_parent
        while scope > 0 and kinds[scope] != _FUNCTION:
            scope = parents[scope]
        return scope
