"""Members declared by assignment: ``Type.prototype.name = …``, ``this.name = …``, ``Type.name = …``.

They are settled after all declarations are known. A function whose ``this`` or ``prototype`` gets members is
a class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, Role
from magellan_lsp.languages.javascript import modules
from magellan_lsp.languages.javascript.expressions import this_owner
from magellan_lsp.languages.javascript.notes import Moved, notes_of

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

_INSTANCE = int(DefFlag.INSTANCE)
_STATIC = int(DefFlag.STATIC)
_IMPLICIT = _INSTANCE | int(DefFlag.GLOBAL)
_CLASS = int(DefKind.CLASS)
_FUNCTION = int(DefKind.FUNCTION)
#: Names that every CommonJS module is given; assigning one of them declares nothing.
_OF_A_MODULE = frozenset({"require", "module", "exports", "__dirname", "__filename"})
_VARIABLES = frozenset({int(DefKind.VARIABLE), int(DefKind.CONSTANT)})
_VALUES = _VARIABLES | {int(DefKind.PARAMETER)}


def settle(b: Builder) -> None:
    """Give every member declared by assignment its owner; then the values that plain names are assigned."""
    notes = notes_of(b)
    modules.remaining_requires(b)
    prototypes = [moved for moved in notes.moved if moved.obj.type == "member_expression"]
    plain = [moved for moved in notes.moved if moved.obj.type == "identifier"]
    own = [moved for moved in notes.moved if moved.obj.type == "this" and not _is_dynamic(b, moved.name)]
    for moved in own:
        _owner(
            b, moved
        )  # what has members of `this` is a class before its statics (`Type.of = …`) look for their place
    placed: set[int] = set()
    for moved in (*prototypes, *plain, *own):
        if _place(b, moved):
            placed.add(moved.name.start_byte)
    for moved in notes.moved:
        if moved.row >= 0 and moved.name.start_byte not in placed:
            _unplaced(b, moved)
    for left, node in notes.assigned:
        _assigned(b, left, node)
    _spreads(b)


def _unplaced(b: Builder, moved: Moved) -> None:
    """A function assigned to a member of something unknown: the name is a use of that member, not its
    definition.
    """
    claimed = b.claims.get(moved.name.start_byte)
    if claimed is not None and claimed[3] == moved.row:
        del b.claims[moved.name.start_byte]
    b.def_kind[moved.row] = _FUNCTION
    b.def_name[moved.row] = 0
    b.def_flags[moved.row] |= DefFlag.SYNTHETIC
    b.def_owner[moved.row] = b.owner_of(b.scope_at(moved.node.start_byte))


def _place(b: Builder, moved: Moved) -> bool:
    if moved.name.type == "identifier":
        return _place_symbol(b, moved)
    owner, flag = _owner(b, moved)
    if owner < 0:
        return False
    if moved.name.type not in ("property_identifier", "private_property_identifier"):
        return False
    notes = notes_of(b)
    name = b.text(moved.name)
    if flag == _PROTOTYPE and name == "prototype":
        return _whole_prototype(b, owner, moved)
    scope = b.def_body[owner]
    if scope < 0:
        return False
    known = notes.members.get((owner, name), -1)
    if known >= 0 and b.def_kind[known] == _PROPERTY:
        return False  # an accessor is called: a use like any other
    if moved.row >= 0 and known >= 0:
        # a further value of a member that is there already
        _unplaced(b, moved)
        b.add_site(known, moved.name.start_byte, b.expr(ExprOp.LAMBDA, moved.row))
        b.occurrence(moved.name, Role.WRITE, known)
        return True
    if moved.row >= 0 and b.language.value_space and b.def_kind[owner] != _FUNCTION:
        return False  # TypeScript declares members where it declares the type
    if moved.row >= 0:
        b.def_owner[moved.row] = _member_owner(b, owner, moved.row)
        b.def_scope[moved.row] = scope
        b.def_flags[moved.row] = (b.def_flags[moved.row] & ~_INSTANCE) | flag
        notes.members.setdefault((owner, name), moved.row)
        return True
    if known >= 0:
        start = moved.name.start_byte
        if b.def_kind[known] in _FIELDS:
            b.add_site(known, start, moved.value)
        b.occurrence(moved.name, Role.WRITE, known)
        return True
    if b.language.value_space and b.def_kind[owner] != _FUNCTION:
        return False  # TypeScript declares members where it declares the type
    row = b.define_node(
        DefKind.FIELD, moved.name, moved.node, scope=scope, owner=owner, flags=flag, lexical=False
    )
    b.def_owner[row] = _member_owner(b, owner, row)
    b.add_site(row, moved.name.start_byte, moved.value)
    notes.members[(owner, name)] = row
    return True


def _is_dynamic(b: Builder, name: Node) -> bool:
    """Whether a name is a key in brackets (``this[key]``) that is no symbol."""
    if name.type != "identifier":
        return False
    found = b.lookup(b.text(name), name.start_byte, None, b.language.value_space)
    return found not in notes_of(b).symbols and found not in notes_of(b).named_imports


def _place_symbol(b: Builder, moved: Moved) -> bool:
    """``this[key] = value`` where ``key`` is a symbol declares a member that only who has the symbol can name.

    The token stays the name of the symbol.
    """
    notes = notes_of(b)
    owner, flag = _owner(b, moved)
    scope = b.def_body[owner] if owner >= 0 else -1
    if scope < 0:
        return False
    name = f"[{b.text(moved.name)}]"
    row = notes.members.get((owner, name), -1)
    if row < 0:
        if b.language.value_space:
            return False  # TypeScript declares members where it declares the type
        start, end = moved.name.start_byte, moved.name.end_byte
        row = b.define(
            DefKind.FIELD,
            name,
            start,
            end,
            moved.node.start_byte,
            moved.node.end_byte,
            scope=scope,
            owner=owner,
            flags=flag,
            lexical=False,
            claim=False,
        )
        notes.members[(owner, name)] = row
    if b.def_kind[row] in _FIELDS:
        b.add_site(row, moved.name.start_byte, moved.value)
    return True


#: `{}` with room for a space or two
_EMPTY = 4


def _member_owner(b: Builder, owner: int, row: int) -> int:
    """The owner of a member that is declared away from its type. What a function is given is no local of it."""
    if b.def_kind[owner] != _FUNCTION:
        return owner
    parts = []
    at = owner
    while at > 0:
        parts.append(b.names[b.def_name[at]])
        at = b.def_owner[at]
    b.qualify(row, ".".join(part for part in reversed(parts) if part))
    return b.def_owner[owner]


_FIELDS = frozenset({int(DefKind.FIELD)})
_PROPERTY = int(DefKind.PROPERTY)
_PROTOTYPE = -1


def _owner(b: Builder, moved: Moved) -> tuple[int, int]:
    """The definition whose member an assignment declares, or -1, and the flags of the member."""
    obj = moved.obj
    if obj.type == "this":
        owner, static, function = this_owner(b, b.scope_at(obj.start_byte))
        if owner < 0 and function >= 0:
            row = b.scope_def[function]
            named = row > 0 and b.def_kind[row] == _FUNCTION and b.def_name[row] > 0
            if named and not b.language.value_space:
                return as_class(b, row), _INSTANCE
            if not b.language.value_space:
                return _this_object(b, function), _INSTANCE
        return owner, _STATIC if static else _INSTANCE
    if obj.type == "member_expression":
        inner, prototype = obj.child_by_field_name("object"), obj.child_by_field_name("property")
        if inner is None or prototype is None or b.text(prototype) != "prototype":
            return -1, 0
        return _class_named(b, inner), _INSTANCE
    if obj.type == "identifier":
        if b.text(moved.name) == "prototype":
            return _class_named(b, obj), _PROTOTYPE
        return _expando(b, obj), _STATIC | _INSTANCE
    return -1, 0


def _this_object(b: Builder, function: int) -> int:
    """A nameless object that has what a function puts on its ``this``, whatever that may be: a callback of a test
    (``before(function () { this.app = … })``) or a function that is put on an object.
    """
    made = notes_of(b).this_members
    if function not in made:
        start = b.scope_start[function]
        row = b.define(
            DefKind.VARIABLE,
            "",
            start,
            start,
            start,
            b.scope_end[function],
            scope=max(b.scope_parent[function], 0),
            flags=DefFlag.SYNTHETIC,
            claim=False,
        )
        b.def_body[row] = b.detached_scope(row, function)
        made[function] = row
    return made[function]


def _class_named(b: Builder, node: Node) -> int:
    """The class or constructor function that a name means in this file, or -1."""
    if node.type != "identifier":
        return -1
    found = b.lookup(b.text(node), node.start_byte, None, b.language.value_space)
    if found < 0:
        return -1
    if b.def_kind[found] == _CLASS:
        return found
    if b.def_kind[found] == _FUNCTION:
        return as_class(b, found)
    return -1


def _expando(b: Builder, node: Node) -> int:
    """The function, class or object literal of this file that gets a further member, or -1."""
    if node.type != "identifier":
        return -1
    found = b.lookup(b.text(node), node.start_byte, None, b.language.value_space)
    if found < 0:
        return -1
    kind = b.def_kind[found]
    if kind == _CLASS:
        return found
    if kind == _FUNCTION:
        return found
    if kind in _VARIABLES:
        literal = notes_of(b).objects.get(found)
        row = b.def_of_node.get(literal, -1) if literal is not None else -1
        # only what begins empty is built up member by member
        return row if row >= 0 and b.def_end[row] - b.def_start[row] <= _EMPTY else -1
    return -1


def as_class(b: Builder, function: int) -> int:
    """A function that is used as a constructor becomes a class with a scope for its members."""
    outer = b.def_scope[function]
    b.def_kind[function] = _CLASS
    b.def_body[function] = b.detached_scope(function, max(outer, 0))
    return function


def _full_name(b: Builder, row: int) -> str:
    """A definition's name behind those of what it is a member of."""
    parts: list[str] = []
    while row > 0:
        parts.append(b.names[b.def_name[row]])
        row = b.def_owner[row]
    return ".".join(reversed([part for part in parts if part]))


def _whole_prototype(b: Builder, owner: int, moved: Moved) -> bool:
    """``Type.prototype = { … }`` or ``= Object.create(Base.prototype)``: what it has, instances have."""
    literal = b.def_of_node.get(moved.value.id, -1)
    if literal >= 0:
        notes_of(b).prototypes[literal] = owner
        b.qualify(literal, _full_name(b, owner))  # its members are the type's
    notes = notes_of(b)
    scope = b.def_body[owner]
    beside = (
        b.scope_at(moved.node.start_byte) == b.def_scope[owner]
    )  # elsewhere it only sets what all functions have
    if scope >= 0 and beside and (owner, "prototype") not in notes.members:
        row = b.define_node(
            DefKind.FIELD,
            moved.name,
            moved.node,
            scope=scope,
            owner=owner,
            flags=_STATIC | _INSTANCE,
            lexical=False,
        )
        b.def_owner[row] = _member_owner(b, owner, row)
        notes.members[(owner, "prototype")] = row

    def use() -> None:
        value = b.expr_of(moved.value)
        if value > 0:
            b.add_base(owner, b.expr(ExprOp.TYPEOF, value))

    notes.later.append(use)
    return False


def _assigned(b: Builder, left: Node, node: Node) -> None:
    """``name = value`` gives a variable a further value."""
    if left.type == "identifier":
        found = b.lookup(b.text(left), left.start_byte, None, b.language.value_space)
        if found < 0 and not b.language.value_space and b.text(left) not in _OF_A_MODULE:
            found = _implicit(b, left)
        if found < 0 or b.def_kind[found] not in _VALUES:
            return
        if node.type == "for_in_statement":
            right = node.child_by_field_name("right")

            def element() -> int:
                whole = b.expr_of(right)
                return b.expr(ExprOp.ELEMENT, whole) if whole > 0 else 0

            b.add_site(found, left.start_byte, element)
        else:
            b.add_site(found, left.start_byte, node)
    elif left.type in ("object_pattern", "array_pattern"):
        _assigned_pattern(b, left)


def _implicit(b: Builder, left: Node) -> int:
    """The global variable that an assignment to an undeclared name makes; linking finds it where nothing else has
    the name.
    """
    made: dict[str, int] = b.notes.setdefault("implicit", {})
    name = b.text(left)
    if name not in made:
        made[name] = b.define_node(
            DefKind.VARIABLE, left, left, scope=0, owner=0, flags=_IMPLICIT, lexical=False, claim=False
        )
    return made[name]


def _assigned_pattern(b: Builder, pattern: Node) -> None:
    """Names in a pattern that is assigned, not declared."""
    stack = [pattern]
    notes = notes_of(b)
    while stack:
        node = stack.pop()
        kind = node.type
        if kind == "shorthand_property_identifier_pattern":
            notes.later.append(lambda n=node: b.reference(n, Role.WRITE))  # type: ignore[misc]
        elif kind == "identifier":
            b.writes.add(node.start_byte)
        elif kind == "pair_pattern":
            value = node.child_by_field_name("value")
            if value is not None:
                stack.append(value)
        elif kind in ("object_pattern", "array_pattern", "rest_pattern"):
            stack.extend(node.named_children)
        elif kind in ("assignment_pattern", "object_assignment_pattern"):
            left = node.child_by_field_name("left")
            if left is not None:
                stack.append(left)


def _spreads(b: Builder) -> None:
    """``{ ...other }`` has the members of what it spreads."""
    notes = notes_of(b)

    def use() -> None:
        for row, node in notes.spread:
            value = b.expr_of(node)
            if value > 0:
                b.add_base(row, b.expr(ExprOp.TYPEOF, value))

    if notes.spread:
        notes.later.append(use)
