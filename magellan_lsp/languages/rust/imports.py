"""``use`` trees, ``extern crate`` and ``mod name;``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import MODULE_PART
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role
from magellan_lsp.languages.base import Captures
from magellan_lsp.languages.rust.names import plain

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

_LEAVES = frozenset({"identifier", "self", "super", "crate", "metavariable"})


def imports(b: Builder, matches: list[Captures]) -> None:
    """Each leaf of a ``use`` tree is an import; every part of the paths before it refers to a module."""
    for captures in matches:
        node = captures["use"][0]
        exported = any(child.type == "visibility_modifier" for child in node.named_children)
        flags = int(ImportFlag.REEXPORT) if exported else 0
        if node.type == "extern_crate_declaration":
            _extern_crate(b, node, flags)
            continue
        argument = node.child_by_field_name("argument")
        if argument is not None:
            _Tree(b, node, flags).walk(argument)


class _Tree:
    """One ``use`` declaration."""

    def __init__(self, b: Builder, node: Node, flags: int) -> None:
        self.b = b
        self.node = node
        self.flags = flags
        self.scope = b.scope_at(node.start_byte)
        self.parts: list[tuple[Node, str]] = []  # path tokens that wait for a row of the import table
        self.row = -1

    def walk(self, argument: Node) -> None:
        stack: list[tuple[Node, str]] = [(argument, "")]
        while stack:
            node, prefix = stack.pop()
            kind = node.type
            if kind in _LEAVES:
                self._leaf(node, prefix, None)
            elif kind == "scoped_identifier":
                self._scoped(node, prefix, None)
            elif kind == "use_as_clause":
                path, alias = node.child_by_field_name("path"), node.child_by_field_name("alias")
                if path is not None and path.type == "scoped_identifier":
                    self._scoped(path, prefix, alias)
                elif path is not None:
                    self._leaf(path, prefix, alias)
            elif kind == "scoped_use_list":
                path, inner = node.child_by_field_name("path"), node.child_by_field_name("list")
                text = self._path(path, prefix) if path is not None else prefix + "::"
                if inner is not None:
                    stack.extend((child, text) for child in reversed(inner.named_children))
            elif kind == "use_list":
                stack.extend((child, prefix) for child in reversed(node.named_children))
            elif kind == "use_wildcard":
                path = self.b.first_named(node)
                self._add(self._path(path, prefix) if path is not None else prefix, None, ImportFlag.STAR)
        if self.parts:
            self._add("", None, ImportFlag.SIDE_EFFECT)

    def _path(self, node: Node, prefix: str) -> str:
        """The text of a module path; its tokens are noted."""
        tokens: list[Node] = []
        at: Node | None = node
        rooted = False
        while at is not None and at.type == "scoped_identifier":
            name = at.child_by_field_name("name")
            if name is not None:
                tokens.append(name)
            at = at.child_by_field_name("path")
            rooted = at is None
        if at is not None:
            tokens.append(at)
        text = prefix or ("::" if rooted else "")
        for token in reversed(tokens):
            word = plain(self.b.text(token))
            text = f"{text}::{word}" if text and text != "::" else text + word
            self.parts.append((token, text))
        return text

    def _scoped(self, node: Node, prefix: str, alias: Node | None) -> None:
        path, name = node.child_by_field_name("path"), node.child_by_field_name("name")
        text = self._path(path, prefix) if path is not None else prefix or "::"
        if name is not None:
            self._leaf(name, text, alias)

    def _leaf(self, name: Node, module: str, alias: Node | None) -> None:
        b = self.b
        text = plain(b.text(name))
        own = text
        flags = 0
        imported: str | None = text
        if name.type == "self" and module:  # `a::b::{self}`: the module itself
            own = module.rsplit("::", 1)[-1]
            flags, imported = int(ImportFlag.MODULE), None
        definition = -1
        if alias is not None:
            if b.text(alias) != "_":
                definition = b.define_node(DefKind.IMPORT, alias, self.node, scope=self.scope)
        elif own not in ("self", "super", "crate", "_"):
            definition = b.define(
                DefKind.IMPORT,
                own,
                name.start_byte,
                name.end_byte,
                self.node.start_byte,
                self.node.end_byte,
                scope=self.scope,
                claim=False,
            )
        row = self._add(module, imported, flags, definition, name)
        b.import_name(name, row, own)

    def _add(
        self, module: str, name: str | None, flags: int, definition: int = -1, token: Node | None = None
    ) -> int:
        b = self.b
        at = token or self.node
        row = b.add_import(
            module=module,
            name=name,
            definition=definition,
            flags=self.flags | int(flags),
            start=at.start_byte,
            end=at.end_byte,
            scope=self.scope,
        )
        for part, text in self.parts:
            b.name_of(part)
            b.occurrence(part, Role.IMPORT, MODULE_PART, row, text)
        self.parts.clear()
        return row


def _extern_crate(b: Builder, node: Node, flags: int) -> None:
    name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
    if name is None:
        return
    scope = b.scope_at(node.start_byte)
    definition = -1
    if alias is None:
        definition = b.define_node(DefKind.IMPORT, name, node, scope=scope, claim=False)
    elif b.text(alias) != "_":
        definition = b.define_node(DefKind.IMPORT, alias, node, scope=scope)
    row = b.add_import(
        module="::",
        name=b.text(name),
        definition=definition,
        flags=flags | ImportFlag.MODULE,
        start=name.start_byte,
        end=name.end_byte,
        scope=scope,
    )
    b.import_name(name, row)


def modules(b: Builder, matches: list[Captures]) -> None:
    """``mod name;`` declares a module that another file is; an attribute may name it, ``#[path = "..."]``.

    A use of the name means that file, so the declaration is none that look-up in the file itself may find.
    """
    for captures in matches:
        node, name = captures["mod"][0], captures["name"][0]
        row = b.define_node(
            DefKind.MODULE,
            name,
            node,
            scope=b.scope_at(node.start_byte),
            flags=DefFlag.DECLARATION,
            signature_end=node.end_byte,
            lexical=False,
        )
        b.def_of_node[node.id] = row
        path = _path_attribute(b, node)
        if path:
            b.add_site(row, node.start_byte, b.expr(ExprOp.STRING, b.name_index(path)))


def _path_attribute(b: Builder, node: Node) -> str:
    before = b.source[max(0, node.start_byte - 300) : node.start_byte].rstrip()
    while before.endswith(b"]"):
        start = before.rfind(b"#[")
        if start < 0:
            break
        words = before[start + 2 : -1].split(b"=", 1)
        if words[0].strip() == b"path" and len(words) == 2:
            return words[1].strip().strip(b'"').decode("utf-8", "replace")
        before = before[:start].rstrip()
    return ""
