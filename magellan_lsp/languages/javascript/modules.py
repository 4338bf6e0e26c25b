"""Imports and exports, of ES modules and of CommonJS.

A module's exports are definitions of its file scope with the flag EXPORTED, reached by no plain name when
they are ``INSTANCE`` (``exports.a = …``), and import rows with REEXPORT or EXPORT_LIST. What a CommonJS
module is as a whole is a definition named ``module.exports``; the default export of an ES module is named
``default`` or carries DEFAULT.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import MODULE_PART
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role
from magellan_lsp.languages.base import Captures
from magellan_lsp.languages.javascript import declarations
from magellan_lsp.languages.javascript.notes import CLASS_NODES, FUNCTION_NODES, WHOLE, notes_of, unwrap
from magellan_lsp.languages.javascript.patterns import destructure, member_name

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

_EXPORTED = int(DefFlag.EXPORTED)
_HIDDEN = int(DefFlag.EXPORTED | DefFlag.INSTANCE)


# -- module paths


def module_text(b: Builder, node: Node) -> str:
    """The text of a module string."""
    return b.source[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace")


def module_token(b: Builder, node: Node, row: int) -> None:
    """The module string refers to the module; the name of its file takes part in look-ups by name."""
    text = module_text(b, node)
    last = text.rstrip("/").rsplit("/", 1)[-1]
    stem = last.split(".", 1)[0]
    for name in (stem, last, "index") if text.startswith(".") else (stem, last):
        b.name_index(name)
    for child in node.named_children:
        if child.type == "string_fragment":
            b.occurrence(child, Role.IMPORT, MODULE_PART, row, text)


def add_import(
    b: Builder, source: Node | None, name: str | None, definition: int, flags: int, scope: int = 0
) -> int:
    """A row of the import table for a module string; without one, a name of this file that goes out."""
    return b.add_import(
        module=module_text(b, source) if source is not None else None,
        name=name,
        definition=definition,
        flags=flags,
        start=source.start_byte + 1 if source is not None else 0,
        end=source.end_byte - 1 if source is not None else 0,
        scope=scope,
    )


def _note_module(b: Builder, node: Node) -> None:
    """An import or export at the top makes a file a module; one inside `declare module` says nothing of the file."""
    if node.parent is not None and node.parent.type == "program":
        notes_of(b).is_module = True


# -- import statements


def import_statement(b: Builder, node: Node) -> None:
    """``import d, { a as b } from "x"``, ``import * as ns from "x"``, ``import x = require("y")``."""
    _note_module(b, node)
    scope = b.scope_at(node.start_byte)
    type_only = ImportFlag.TYPE_ONLY if any(child.type == "type" for child in node.children[:3]) else 0
    source = node.child_by_field_name("source")
    row = -1
    for child in node.named_children:
        if child.type == "import_clause" and source is not None:
            row = _clause(b, child, source, scope, int(type_only))
        elif child.type == "import_require_clause":
            source = child.child_by_field_name("source")
            name = b.first_named(child)
            if source is None or name is None:
                continue
            flags = _exported_if(b, node)
            definition = b.define_node(DefKind.IMPORT, name, node, scope=scope, claim=False, flags=flags)
            row = add_import(b, source, None, definition, ImportFlag.REQUIRE | ImportFlag.MODULE, scope)
            b.import_name(name, row)
    if source is not None:
        if row < 0:
            row = add_import(b, source, None, -1, ImportFlag.SIDE_EFFECT, scope)
        module_token(b, source, row)


def _exported_if(b: Builder, node: Node) -> int:
    return _EXPORTED if node.id in notes_of(b).exported else 0


def _clause(b: Builder, clause: Node, source: Node, scope: int, type_only: int) -> int:
    row = -1
    for child in clause.named_children:
        kind = child.type
        if kind == "identifier":
            definition = b.define_node(DefKind.IMPORT, child, child, scope=scope, claim=False)
            row = add_import(b, source, "default", definition, ImportFlag.DEFAULT | type_only, scope)
            b.import_name(child, row)
        elif kind == "namespace_import":
            name = b.first_named(child)
            if name is None:
                continue
            definition = b.define_node(DefKind.IMPORT, name, child, scope=scope, claim=False)
            row = add_import(b, source, None, definition, ImportFlag.NAMESPACE | type_only, scope)
            b.import_name(name, row)
        elif kind == "named_imports":
            for specifier in child.named_children:
                if specifier.type == "import_specifier":
                    row = _specifier(b, specifier, source, scope, type_only)
    return row if row >= 0 else add_import(b, source, None, -1, ImportFlag.SIDE_EFFECT, scope)


def _specifier(b: Builder, node: Node, source: Node, scope: int, type_only: int) -> int:
    name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
    if name is None:
        return -1
    text, token = member_name(b, name)
    if alias is None:
        definition = b.define_node(DefKind.IMPORT, name, node, scope=scope, claim=False)
    else:
        definition = b.define_node(DefKind.IMPORT, alias, node, scope=scope)
    notes_of(b).named_imports.add(definition)
    row = add_import(b, source, text, definition, type_only, scope)
    b.import_name(token, row, text)
    return row


# -- export statements


def export_statement(b: Builder, node: Node) -> None:
    """``export …`` in all its forms."""
    notes = notes_of(b)
    _note_module(b, node)
    scope = b.scope_at(node.start_byte)
    words = {child.type for child in node.children if not child.is_named}
    declaration = node.child_by_field_name("declaration")
    if declaration is not None:
        notes.exported.add(declaration.id)
        start = notes.starts.get(node.id, node.start_byte)
        notes.starts[declaration.id] = start
        if "default" in words:
            notes.defaults.add(declaration.id)
        return
    source, value = node.child_by_field_name("source"), node.child_by_field_name("value")
    if value is not None:
        _default(b, node, value, scope)
    elif "=" in words:
        whole = b.first_named(node)
        if whole is not None:
            _whole(b, node, whole, whole, scope)
    elif "namespace" in words:
        return  # `export as namespace N`: a global for scripts
    else:
        _export_list(b, node, source, scope)


def _export_list(b: Builder, node: Node, source: Node | None, scope: int) -> None:
    row = -1
    star = any(child.type == "*" for child in node.children)
    for child in node.named_children:
        if child.type == "export_clause":
            for specifier in child.named_children:
                if specifier.type == "export_specifier":
                    row = _export_specifier(b, specifier, source, scope)
        elif child.type == "namespace_export" and source is not None:
            star = False
            name = b.first_named(child)
            if name is not None:
                text, token = member_name(b, name)
                definition = _outgoing(b, text, token, child, scope)
                row = add_import(
                    b, source, None, definition, ImportFlag.NAMESPACE | ImportFlag.REEXPORT, scope
                )
    if source is not None:
        if star:
            row = add_import(b, source, None, -1, ImportFlag.STAR | ImportFlag.REEXPORT, scope)
        elif row < 0:
            row = add_import(b, source, None, -1, ImportFlag.SIDE_EFFECT, scope)
        module_token(b, source, row)


def _outgoing(b: Builder, text: str, token: Node, node: Node, scope: int, claim: bool = True) -> int:
    """The definition of a name that exists only for other files."""
    return b.define(
        DefKind.IMPORT,
        text,
        token.start_byte,
        token.end_byte,
        node.start_byte,
        node.end_byte,
        scope=scope,
        flags=_HIDDEN,
        lexical=False,
        claim=claim,
    )


def _export_specifier(b: Builder, node: Node, source: Node | None, scope: int) -> int:
    name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
    if name is None:
        return -1
    text, token = member_name(b, name)
    out, out_token = member_name(b, alias) if alias is not None else (text, token)
    definition = _outgoing(b, out, out_token, node, scope, claim=alias is not None)
    flag = ImportFlag.REEXPORT if source is not None else ImportFlag.EXPORT_LIST
    row = add_import(b, source, text, definition, flag, scope)
    if source is not None or name.type != "identifier":
        b.import_name(token, row, text)
    return row


def _default(b: Builder, node: Node, value: Node, scope: int) -> None:
    """``export default value``."""
    token = next((child for child in node.children if child.type == "default"), node)
    inner = unwrap(value)
    notes = notes_of(b)
    if inner.type == "identifier":
        definition = _outgoing(b, "default", token, node, scope, claim=False)
        add_import(b, None, b.text(inner), definition, ImportFlag.EXPORT_LIST | ImportFlag.DEFAULT, scope)
        return
    flags = _EXPORTED | int(DefFlag.DEFAULT)
    if inner.type in FUNCTION_NODES:
        name = inner.child_by_field_name("name")
        if name is not None:
            row = b.define_node(
                DefKind.FUNCTION, name, node, scope=scope, body=b.scope_of(inner), flags=flags
            )
            b.def_of_node[inner.id] = row
            declarations.function_parts(b, row, inner)
        else:
            declarations.named_function(b, DefKind.FUNCTION, token, node, inner, scope=scope, flags=flags)
    elif inner.type in CLASS_NODES:
        name = inner.child_by_field_name("name") or token
        declarations.class_definition(b, inner, name, node, scope, flags)
    else:
        row = b.define_node(DefKind.CONSTANT, token, node, scope=scope, flags=flags, claim=False)
        b.add_site(row, token.start_byte, value)
        notes.values[inner.id] = row


def _whole(b: Builder, node: Node, token: Node, value: Node, scope: int) -> int:
    """``export = value`` and ``module.exports = value``: what the module is as a whole."""
    inner = unwrap(value)
    if inner.type == "identifier":
        definition = b.define(
            DefKind.IMPORT,
            WHOLE,
            token.start_byte,
            token.end_byte,
            node.start_byte,
            node.end_byte,
            scope=scope,
            flags=_HIDDEN,
            lexical=False,
            claim=False,
        )
        add_import(b, None, b.text(inner), definition, ImportFlag.EXPORT_LIST, scope)
        return definition
    row = b.define(
        DefKind.CONSTANT,
        WHOLE,
        token.start_byte,
        token.end_byte,
        node.start_byte,
        node.end_byte,
        scope=scope,
        flags=_HIDDEN,
        lexical=False,
        claim=False,
    )
    b.add_site(row, token.start_byte, value)
    notes_of(b).values[inner.id] = row
    return row


# -- CommonJS


def require_calls(b: Builder, matches: list[Captures]) -> None:
    """Note ``require("x")`` and ``import("x")``; what becomes of them depends on where they stand."""
    notes = notes_of(b)
    for captures in matches:
        call = captures["call"][0]
        notes.required[call.id] = (call, captures["module"][0])


def required(b: Builder, name: Node, value: Node, whole: Node, scope: int, flags: int) -> bool:
    """``const x = require("y")``, ``const { a, b: c } = require("y")``, ``const x = require("y").z``.

    Returns whether the declaration was one of these.
    """
    notes = notes_of(b)
    member: Node | None = None
    if value.type == "member_expression":
        obj, member = value.child_by_field_name("object"), value.child_by_field_name("property")
        if obj is None or member is None or name.type != "identifier":
            return False
        value = obj
    found = notes.required.get(value.id)
    if found is None and value.type == "identifier":
        return member is None and _from_rest(b, name, value, scope, flags)
    if found is None or value.child_by_field_name("function") is None:
        return False
    call, source = found
    callee = call.child_by_field_name("function")
    if callee is None or callee.type != "identifier":
        return False  # import(): a promise
    if name.type == "identifier":
        definition = b.define_node(DefKind.IMPORT, name, whole, scope=scope, flags=flags, claim=False)
        text = b.text(member) if member is not None else None
        flag = ImportFlag.REQUIRE if member is not None else ImportFlag.REQUIRE | ImportFlag.MODULE
        row = add_import(b, source, text, definition, flag, scope)
        b.import_name(name, row)
        if member is not None:
            b.import_name(member, row)
        else:
            b.def_of_node[call.id] = definition
    elif name.type == "object_pattern":
        row = _required_parts(b, name, call, source, scope)
    else:
        return False
    module_token(b, source, row)
    notes.bound.add(call.id)
    notes.is_module = True
    return True


def _required_parts(b: Builder, pattern: Node, call: Node, source: Node, scope: int) -> int:
    row = -1
    for child in pattern.named_children:
        key, target = child, child
        if child.type == "pair_pattern":
            left, right = child.child_by_field_name("key"), child.child_by_field_name("value")
            if left is None or right is None:
                continue
            key, target = left, right
        elif child.type == "rest_pattern":
            # what no other part took has the members of the module: `const { A, ...rest } = require('x')`
            whole = synthetic_import(b, call, source, scope)
            row = len(b.imports) - 1
            destructure(b, child, partial(b.expr, ExprOp.DEF, whole, 0), scope)
            inner = b.first_named(child)
            rest = b.definition_named(scope, b.text(inner)) if inner is not None else -1
            if rest >= 0:
                notes_of(b).rests[rest] = call, source
            continue
        elif child.type != "shorthand_property_identifier_pattern":
            continue
        text, token = member_name(b, key)
        if target.type in ("identifier", "shorthand_property_identifier_pattern"):
            definition = b.define_node(DefKind.IMPORT, target, child, scope=scope, claim=False)
            row = add_import(b, source, text, definition, ImportFlag.REQUIRE, scope)
            b.import_name(token, row, text)
            b.import_name(target, row)
        else:
            definition = synthetic_import(b, call, source, scope, text)
            module = b.expr(ExprOp.DEF, definition, 0)
            destructure(b, target, partial(int, module), scope)
            row = len(b.imports) - 1
            b.import_name(token, row, text)
    return row if row >= 0 else add_import(b, source, None, -1, ImportFlag.SIDE_EFFECT, scope)


def _from_rest(b: Builder, name: Node, value: Node, scope: int, flags: int) -> bool:
    """``const { B, c: d } = rest`` of a ``{ A, ...rest } = require("x")`` above it: more names from the same module.

    With defaults or inner patterns, or when exported, these are variables as any.
    """
    if name.type != "object_pattern" or flags or not notes_of(b).rests:
        return False
    for child in name.named_children:
        target = child.child_by_field_name("value") if child.type == "pair_pattern" else child
        if target is None or target.type not in ("identifier", "shorthand_property_identifier_pattern"):
            return False
    found = notes_of(b).rests.get(b.lookup(b.text(value), value.start_byte, None, b.language.value_space))
    if found is None:
        return False
    _required_parts(b, name, *found, scope)
    return True


def synthetic_import(b: Builder, call: Node, source: Node, scope: int, name: str | None = None) -> int:
    """An import without a local name: ``require("x")`` somewhere in an expression."""
    start = call.start_byte
    definition = b.define(
        DefKind.IMPORT,
        "",
        start,
        start,
        start,
        call.end_byte,
        scope=scope,
        flags=DefFlag.SYNTHETIC,
        claim=False,
    )
    flags = ImportFlag.REQUIRE
    if name is None:
        callee = call.child_by_field_name("function")
        plain = callee is not None and callee.type == "identifier"
        flags = ImportFlag.REQUIRE | ImportFlag.MODULE if plain else ImportFlag.NAMESPACE
    row = add_import(b, source, name, definition, flags, scope)
    if name is None:
        b.def_of_node[call.id] = definition
        module_token(b, source, row)
    return definition


def remaining_requires(b: Builder) -> None:
    """Imports for the ``require`` calls that no declaration took."""
    notes = notes_of(b)
    for call, source in notes.required.values():
        if call.id not in notes.bound:
            synthetic_import(b, call, source, b.scope_at(call.start_byte))


def _is_exports(b: Builder, node: Node) -> bool:
    """Whether a node is ``exports`` or ``module.exports``."""
    length = node.end_byte - node.start_byte
    return (length == 7 and b.text(node) == "exports") or (length == 14 and b.text(node) == WHOLE)


def exported_member(b: Builder, node: Node, left: Node, obj: Node, name: Node, value: Node) -> bool:
    """``module.exports = …`` and ``exports.name = …``; returns whether the assignment was one of these."""
    if left.end_byte - left.start_byte == 14 and b.text(left) == WHOLE:
        notes_of(b).is_module = notes_of(b).is_commonjs = True
        _module_exports(b, node, left, value)
        return True
    if not _is_exports(b, obj):
        return False
    notes_of(b).is_module = notes_of(b).is_commonjs = True
    if value.type == "unary_expression" and value.children[0].type == "void":
        return False  # compilers begin with `exports.name = void 0`: what is exported is assigned below
    if value.type == "identifier":
        row = _outgoing(b, b.text(name), name, node, 0)
        add_import(b, None, b.text(value), row, ImportFlag.EXPORT_LIST, b.scope_at(node.start_byte))
    elif value.type in FUNCTION_NODES and value.id not in b.def_of_node:
        row = declarations.named_function(
            b, DefKind.FUNCTION, name, node, value, scope=0, flags=_HIDDEN, lexical=False
        )
    else:
        row = b.define_node(DefKind.CONSTANT, name, node, scope=0, flags=_HIDDEN, lexical=False)
        b.add_site(row, name.start_byte, value)
        notes_of(b).values[value.id] = row
    if obj.type == "identifier":
        notes_of(b).export_words[obj.start_byte] = row
    return True


def _export_shorthands(b: Builder, value: Node) -> None:
    """``module.exports = { a, b }`` exports what the names mean, as ``export { a, b }`` does."""
    keys = [child for child in value.named_children if child.type != "comment"]
    if all(key.type == "shorthand_property_identifier" for key in keys):
        for key in keys:
            definition = _outgoing(b, b.text(key), key, key, 0, claim=False)
            add_import(b, None, b.text(key), definition, ImportFlag.EXPORT_LIST, b.scope_at(value.start_byte))


def _module_exports(b: Builder, node: Node, left: Node, value: Node) -> None:
    if value.type == "object":
        _export_shorthands(b, value)
    own = value.child_by_field_name("name")
    anonymous = own is None
    if own is not None and value.type in FUNCTION_NODES:
        definition = _outgoing(b, WHOLE, left, node, 0, claim=False)
        add_import(b, None, b.text(own), definition, ImportFlag.EXPORT_LIST, b.scope_of(value))
        return
    if value.type in FUNCTION_NODES and anonymous and value.id not in b.def_of_node:
        row = b.define(
            DefKind.FUNCTION,
            WHOLE,
            left.start_byte,
            left.end_byte,
            node.start_byte,
            node.end_byte,
            scope=0,
            body=b.scope_of(value),
            flags=_HIDDEN,
            lexical=False,
            claim=False,
        )
        b.def_of_node[value.id] = row
        declarations.function_parts(b, row, value)
        return
    _whole(b, node, left, value, 0)
