"""Python: tables and extraction hooks. Linking rules are in ``rules.py``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import COMPUTED, MODULE_PART
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role, ScopeKind
from magellan_lsp.languages.base import Captures, Language
from magellan_lsp.languages.python.comments import without_long_comments
from magellan_lsp.languages.python.expressions import (
    EXPRESSIONS,
    dotted_expr,
    from_ast,
    key_expr,
    listed,
    may_call,
    parse_string_type,
    receiver_class,
)

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

_BINDING_SCOPES = (ScopeKind.FUNCTION, ScopeKind.CLASS, ScopeKind.FILE)


# -- hooks: definitions


def _decorated(b: Builder, matches: list[Captures]) -> None:
    """Decorators that say what a function is; the definition's span takes them in."""
    for captures in matches:
        node = captures["decorated"][0]
        inner = node.child_by_field_name("definition")
        row = b.def_of_node.get(inner.id, -1) if inner is not None else -1
        if row < 0:
            continue
        b.def_start[row] = node.start_byte
        for child in node.children:
            if child.type != "decorator":
                continue
            text = b.source[child.start_byte + 1 : child.end_byte].decode("utf-8", "replace").strip()
            name = text.split("(", 1)[0].strip()
            last = name.rsplit(".", 1)[-1]
            if last == "staticmethod":
                b.def_flags[row] |= DefFlag.STATIC
            elif last == "classmethod":
                b.def_flags[row] |= DefFlag.CLASSMETHOD
            elif last in ("property", "cached_property", "abstractproperty", "setter", "getter", "deleter"):
                if b.def_kind[row] in (DefKind.METHOD, DefKind.FUNCTION):
                    b.def_kind[row] = int(DefKind.PROPERTY)
            elif last == "abstractmethod":
                b.def_flags[row] |= DefFlag.ABSTRACT
            elif last == "overload":
                b.def_flags[row] |= DefFlag.OVERLOAD
            elif last in ("contextmanager", "asynccontextmanager"):
                b.def_flags[row] |= DefFlag.GENERATOR


#: Decorators that say what a function is, or leave it what it is; see ``_decorated``.
_KNOWN_DECORATORS = frozenset(
    {
        "staticmethod", "classmethod", "property", "cached_property", "abstractproperty", "setter", "getter", "deleter",
        "abstractmethod", "overload", "contextmanager", "asynccontextmanager", "wraps", "override", "final", "fixture",
    }
)  # fmt: skip
#: ``base_kind`` of a class's metaclass, and of a function's decorators: one more for each further out.
METACLASS = 3
DECORATES = 4


def _use_metaclass(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        row = b.def_of_node.get(captures["def"][0].id, -1)
        if row >= 0:
            b.add_base(row, b.expr_of(captures["value"][0]), METACLASS)


def _late_if(b: Builder, matches: list[Captures]) -> None:
    """Definitions and imports in branches that a type checker and an ordinary machine leave out come last."""
    for captures in matches:
        value = _static_value(b.text(captures["condition"][0]))
        if value is None:
            continue
        node = captures["if"][0]
        consequence = node.child_by_field_name("consequence")
        alternatives = node.children_by_field_name("alternative")
        left_out = alternatives if value else [consequence] if consequence is not None else []
        for part in left_out:
            start, end = part.start_byte, part.end_byte
            for row, at in enumerate(b.def_start):
                if start <= at < end and row > 0:
                    b.def_flags[row] |= DefFlag.UNLIKELY
            b.leave_out_imports(start, end)


_STATIC = re.compile(
    r"(?P<no>not\s+)?(?:(?:\w+\.)?(?P<checking>TYPE_CHECKING)"
    r"|sys\.platform\s*(?P<is>[=!]=)\s*[\"'](?P<platform>\w+)[\"']"
    r"|os\.name\s*(?P<is_os>[=!]=)\s*[\"'](?P<os>\w+)[\"']"
    r"|sys\.version_info\s*(?P<than>[<>]=?)\s*\((?P<version>[\d,\s]+)\))"
)


def _static_value(condition: str) -> bool | None:
    """What a type checker makes of a condition, on Linux and with the newest Python; None: that depends."""
    found = _STATIC.fullmatch(
        condition.strip().strip("()") if "version_info" not in condition else condition.strip()
    )
    if found is None:
        return None
    if found["checking"]:
        value = True
    elif found["platform"]:
        value = (found["platform"] == "linux") == (found["is"] == "==")
    elif found["os"]:
        value = (found["os"] == "posix") == (found["is_os"] == "==")
    else:
        version = tuple(int(part) for part in found["version"].split(",") if part.strip())
        value = found["than"].startswith(">") if version[:1] <= (3,) else found["than"].startswith("<")
    return value != bool(found["no"])


def _use_computed(b: Builder, matches: list[Captures]) -> None:
    """Calls of what has no name: ``table[key]()``, ``make()()``."""
    for captures in matches:
        function = captures["function"][0]
        _computed(b, function.end_byte, b.expr_of(function))
        b.expr_of(captures["call"][0])


def _use_call(b: Builder, matches: list[Captures]) -> None:
    """Where a function of the file calls what it is given, what the file's calls give is kept."""
    if any(_calls_parameter(b, captures["call"][0]) for captures in matches):
        for captures in matches:
            b.expr_of(captures["call"][0])


def _calls_parameter(b: Builder, call: Node) -> bool:
    node = call.child_by_field_name("function")
    while node is not None and node.type == "subscript":
        keys = node.children_by_field_name("subscript")
        if any(key.type == "identifier" and _is_parameter(b, key) for key in keys):
            return True
        node = node.child_by_field_name("value")
    return node is not None and node.type == "identifier" and _is_parameter(b, node)


def _is_parameter(b: Builder, name: Node) -> bool:
    row = b.lookup(b.text(name), name.start_byte)
    return row >= 0 and b.def_kind[row] == DefKind.PARAMETER


def _late_store(b: Builder, matches: list[Captures]) -> None:
    """``table[key] = value`` and ``table.update({...})``: a part of a variable's value."""
    for captures in matches:
        left, value = captures["left"][0], captures["value"][0]
        keys: list[Node] = []
        while left.type == "subscript":
            keys[:0] = left.children_by_field_name("subscript")
            inner = left.child_by_field_name("value")
            if inner is None:
                break
            left = inner
        if left.type != "identifier" or len(keys) > 3 or not may_call(value):
            continue
        row = b.lookup(b.text(left), left.start_byte)
        if row >= 0 and b.def_kind[row] in (DefKind.VARIABLE, DefKind.CONSTANT):
            b.add_site(row, captures["store"][0].end_byte, partial(_stored, b, keys, value))


def _stored(b: Builder, keys: list[Node], value: Node) -> int:
    return b.expr(ExprOp.STORED, b.expr_of(value), *(key_expr(b, key) for key in keys))


def _use_raise(b: Builder, matches: list[Captures]) -> None:
    """``raise Error`` calls the class."""
    for captures in matches:
        _computed(b, captures["call"][0].start_byte, b.expr_of(captures["function"][0]))


def _use_iterated(b: Builder, matches: list[Captures]) -> None:
    """A loop calls ``__iter__`` and ``__next__``."""
    for captures in matches:
        node = captures["value"][0]
        if node.type not in ("identifier", "attribute", "call"):
            continue
        value = b.expr_of(node)
        if value > 0:
            _computed(b, captures["for"][0].start_byte, b.expr(ExprOp.ELEMENT, value))


def _computed(b: Builder, start: int, expr: int) -> None:
    if expr > 0:
        b.token("", start, start, Role.CALL, COMPUTED, expr)


def _use_decorated(b: Builder, matches: list[Captures]) -> None:
    """Other decorators: what they give when called with the function is what its name stands for."""
    for captures in matches:
        node = captures["decorated"][0]
        inner = node.child_by_field_name("definition")
        row = b.def_of_node.get(inner.id, -1) if inner is not None else -1
        decorators = [child for child in node.children if child.type == "decorator"] if row >= 0 else []
        decorated = b.expr(ExprOp.LAMBDA, row) if decorators else 0
        for child in reversed(decorators):
            value = b.first_named(child)
            if value is None:
                continue
            _computed(b, child.start_byte, b.expr_of(value))
            decorated = b.expr(ExprOp.CALL, b.expr_of(value), decorated)
        for position, child in enumerate(reversed(decorators)):
            value = b.first_named(child)
            if value is None:
                continue
            callee = value.child_by_field_name("function") if value.type == "call" else value
            if callee is not None and b.text(callee).rsplit(".", 1)[-1] not in _KNOWN_DECORATORS:
                b.add_base(row, b.expr_of(value), DECORATES + position)


def _parameters(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["parameters"][0]
        function = node.parent
        if function is None:
            continue
        scope = b.scope_of(function)
        owner = b.scope_def[scope] if scope >= 0 else -1
        if scope < 0:
            continue
        first = True
        given = _callback_of(b, function) if function.type == "lambda" else None
        for position, child in enumerate(node.named_children):
            kind = child.type
            name = type_node = value = None
            flags = 0
            if kind == "identifier":
                name = child
            elif kind in ("default_parameter", "typed_default_parameter"):
                name = child.child_by_field_name("name")
                type_node = child.child_by_field_name("type")
                value = child.child_by_field_name("value")
            elif kind == "typed_parameter":
                name, type_node = b.first_named(child), child.child_by_field_name("type")
            elif kind in ("list_splat_pattern", "dictionary_splat_pattern"):
                name = child
            if name is not None and name.type in ("list_splat_pattern", "dictionary_splat_pattern"):
                flags = DefFlag.VARIADIC if name.type == "list_splat_pattern" else DefFlag.KEYWORDS
                name = b.first_named(name)
            if name is None or name.type != "identifier":
                continue
            row = b.define_node(DefKind.PARAMETER, name, child, scope=scope, owner=owner, flags=flags)
            if first and owner >= 0 and b.def_kind[owner] in (DefKind.METHOD, DefKind.PROPERTY):
                _receiver(b, row, owner, name)
                if type_node is not None:
                    b.set_type(row, type_node)
            elif flags:
                _variadic(b, row, name, flags, type_node)
            elif type_node is not None:
                b.set_type(row, type_node)
            elif given is not None:
                b.add_site(row, name.start_byte, partial(given, position))
            if value is not None:
                b.add_site(row, name.start_byte, value)
            first = False


def _callback_of(b: Builder, function: Node) -> Callable[[int], int] | None:
    """What a lambda's parameters are given, when it is an argument of a call: an expression per position."""
    arguments = function.parent
    call = arguments.parent if arguments is not None and arguments.type == "argument_list" else None
    if arguments is None or call is None or call.type != "call":
        return None
    plain = [child for child in arguments.named_children if child.type not in ("keyword_argument", "comment")]
    position = next((index for index, child in enumerate(plain) if child == function), -1)
    callee = call.child_by_field_name("function")
    if position < 0 or callee is None:
        return None
    return lambda parameter: b.expr(ExprOp.ARGUMENT, b.expr_of(callee), position, parameter)


def _receiver(b: Builder, row: int, owner: int, name: Node) -> None:
    """``self`` and ``cls``."""
    klass = b.def_owner[owner]
    if klass < 0 or b.def_flags[owner] & DefFlag.STATIC:
        return
    expr = b.expr(ExprOp.SELF, klass)
    if b.def_flags[owner] & DefFlag.CLASSMETHOD or b.names[b.def_name[owner]] in (
        "__new__",
        "__init_subclass__",
        "__class_getitem__",
    ):
        expr = b.expr(ExprOp.TYPEOF, expr)
    b.add_site(row, name.start_byte, expr)


def _variadic(b: Builder, row: int, name: Node, flags: int, type_node: Node | None) -> None:
    if type_node is None:
        type_name = "tuple" if flags & DefFlag.VARIADIC else "dict"
        b.add_site(row, name.start_byte, b.expr(ExprOp.LITERAL, b.name_index(type_name), 0, 0))
        return

    def later() -> int:
        inner = b.expr(ExprOp.INSTANCE, b.expr_of(type_node))
        if flags & DefFlag.VARIADIC:
            return b.expr(ExprOp.LITERAL, b.name_index("tuple"), inner)
        return b.expr(
            ExprOp.LITERAL, b.name_index("dict"), b.expr(ExprOp.LITERAL, b.name_index("str")), inner
        )

    b.add_site(row, name.start_byte, later)


def _type_parameters(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["parameters"][0]
        definition = node.parent
        if definition is None:
            continue
        row = b.def_of_node.get(definition.id, -1)
        scope = b.def_body[row] if row >= 0 else -1
        if scope < 0:
            continue
        for child in node.named_children:
            name = child if child.type == "identifier" else b.first_named(child)
            while name is not None and name.type != "identifier":
                name = b.first_named(name)
            if name is not None:
                b.define_node(DefKind.TYPE_PARAMETER, name, child, scope=scope, owner=row)


def _lambdas(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["lambda"][0]
        start = node.start_byte
        scope = b.scope_of(node)
        outer = b.scope_parent[scope] if scope > 0 else 0
        row = b.define(
            DefKind.FUNCTION,
            "",
            start,
            start,
            start,
            node.end_byte,
            scope=outer,
            body=scope,
            flags=DefFlag.SYNTHETIC,
            claim=False,
        )
        b.def_of_node[node.id] = row


def _late_lambda(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        row = b.def_of_node.get(captures["lambda"][0].id, -1)
        if row >= 0:
            value = captures["value"][0]
            b.add_site(row, value.start_byte, value)


def _binding_scope(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["statement"][0]
        scope = b.enclosing(b.scope_at(node.start_byte), ScopeKind.FUNCTION, ScopeKind.CLASS)
        for name in node.named_children:
            if name.type != "identifier":
                continue
            text = b.text(name)
            if node.type == "global_statement":
                b.redirect(scope, text, 0)
            else:
                outer = b.enclosing(b.scope_parent[scope], ScopeKind.FUNCTION)
                b.redirect(scope, text, outer)


# -- hooks: names that get values


def _place(b: Builder, node: Node) -> int:
    """The scope in which an assignment at a node binds: comprehensions and blocks do not count."""
    return b.enclosing(b.scope_at(node.start_byte), *_BINDING_SCOPES)


def _assign(b: Builder, matches: list[Captures]) -> None:
    matches.sort(key=lambda captures: captures["assign"][0].start_byte)
    for captures in matches:
        node = captures["assign"][0]
        left = node.child_by_field_name("left")
        value = node.child_by_field_name("right")
        type_node = node.child_by_field_name("type")
        while value is not None and value.type == "assignment":
            value = value.child_by_field_name("right")
        if left is None:
            continue
        if type_node is not None and b.text(type_node).rpartition(".")[2] in ("Final", "ClassVar"):
            type_node = None  # says nothing of the type
        given = partial(b.expr_of, value) if value is not None else None
        _target(b, left, given, type_node, node, value, end=node.end_byte if value is not None else 0)


def _wrapped(b: Builder, op: ExprOp, node: Node) -> int:
    return b.expr(op, b.expr_of(node))


def _unpacked(b: Builder, value: Callable[[], int], position: int) -> int:
    return b.expr(ExprOp.UNPACK, value(), position)


def _elements(node: Node | None) -> list[Node]:
    """The elements of a tuple or list that is spelt out without stars; [] for anything else."""
    if node is None or node.type not in ("tuple", "list", "expression_list"):
        return []
    found = [child for child in node.named_children if child.type != "comment"]
    return [] if any(child.type == "list_splat" for child in found) else found


def _caught(b: Builder, parts: list[Node]) -> int:
    return b.union(*(b.expr(ExprOp.CATCH, b.expr_of(part)) for part in parts))


def _target(
    b: Builder,
    left: Node,
    value: Callable[[], int] | None,
    type_node: Node | None,
    node: Node,
    value_node: Node | None = None,
    scope: int | None = None,
    end: int = 0,
) -> None:
    """Bind what stands on the left of an assignment, `for`, `with`: a name, a member of self, or parts of a
    tuple. ``end``: of the statement whose value is computed before.
    """
    kind = left.type
    if kind == "identifier":
        place = _place(b, left) if scope is None else scope
        in_class = b.scope_kind[place] == ScopeKind.CLASS
        what = DefKind.FIELD if in_class else DefKind.VARIABLE
        name = b.text(left)
        if what == DefKind.VARIABLE and name.isupper() and b.scope_kind[place] == ScopeKind.FILE:
            what = DefKind.CONSTANT
        before = len(b.def_name)
        row = b.bind(left, kind=what, scope=place, node=node, value=value, type_node=type_node)
        if end:
            b.computed_before(row, left.start_byte, end)
        if row >= before and in_class and type_node is None and value_node is None:
            b.def_flags[row] |= DefFlag.DECLARATION
    elif kind == "attribute":
        obj, name_node = left.child_by_field_name("object"), left.child_by_field_name("attribute")
        if obj is None or name_node is None or obj.type != "identifier":
            return
        owner = receiver_class(b, obj)
        if owner >= 0:
            b.bind_member(owner, name_node, node, value=value, type_node=type_node)
    elif kind in ("pattern_list", "tuple_pattern", "list_pattern", "tuple", "list", "expression_list"):
        parts = [child for child in left.named_children if child.type != "comment"]
        given = _elements(value_node)
        star = next((at for at, part in enumerate(parts) if part.type == "list_splat_pattern"), len(parts))
        for position, part in enumerate(parts):
            target = b.first_named(part) if part.type == "list_splat_pattern" else part
            if target is None:
                continue
            inner = partial(_unpacked, b, value, position) if value is not None else None
            if given and star < len(parts) <= len(given) + 1:  # both sides are spelt out
                if position == star:
                    inner = partial(listed, b, given[star : len(given) - len(parts) + star + 1])
                elif position > star:
                    inner = (
                        partial(_unpacked, b, value, len(given) - len(parts) + position) if value else None
                    )
            _target(b, target, inner, None, node if part is target else part, None, scope, end)
    elif kind in ("parenthesized_expression", "list_splat_pattern", "as_pattern_target"):
        child = b.first_named(left)
        if child is not None:
            _target(b, child, value, type_node, node, value_node, scope, end)


def _late_all(b: Builder, matches: list[Captures]) -> None:
    """``__all__`` lists what a star import brings; the names in it are uses. Parts that are no list make it unknown."""
    known = True
    for captures in matches:
        value = captures["value"][0]
        if b.scope_at(value.start_byte) != 0:
            continue
        if value.type not in ("list", "tuple", "string"):
            known = False
            continue
        for child in value.named_children if value.type != "string" else [value]:
            for part in child.children if child.type == "string" else ():
                if part.type == "string_content":
                    name = b.text(part)
                    b.exported.add(name)
                    b.token(name, part.start_byte, part.end_byte, Role.READ, b.lookup(name, len(b.source)))
    if matches:
        b.groups.append("python:__all__" if known else "python:__all__+")


def _augment(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        name = captures["name"][0]
        b.bind(name, scope=_place(b, name), kind=DefKind.VARIABLE)


def _walrus(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        name, value = captures["name"][0], captures["value"][0]
        scope = b.enclosing(b.scope_at(name.start_byte), ScopeKind.FUNCTION, ScopeKind.FILE, ScopeKind.CLASS)
        b.bind(name, scope=scope, value=value)


def _for(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        left, right = captures["left"][0], captures["right"][0]
        comprehension = left.parent is not None and left.parent.type == "for_in_clause"
        scope = b.enclosing(b.scope_at(left.start_byte), ScopeKind.COMPREHENSION) if comprehension else None
        _target(b, left, partial(_wrapped, b, ExprOp.ELEMENT, right), None, left, None, scope)


def _as(b: Builder, matches: list[Captures]) -> None:
    """``with x as y``, ``except E as e``, ``case P as p``."""
    for captures in matches:
        node, value, left = captures["as"][0], captures["value"][0], captures["left"][0]
        parent = node.parent
        kind = parent.type if parent is not None else ""
        if kind in ("except_clause", "except_group_clause"):
            op = ExprOp.CATCH
            if value.type == "tuple":
                parts = value.named_children
                _target(
                    b,
                    left,
                    partial(_caught, b, parts),
                    None,
                    node,
                )
                continue
        elif kind == "with_item":
            op = ExprOp.ENTER
        else:
            op = ExprOp.UNION
        _target(b, left, partial(_wrapped, b, op, value), None, node)


def _type_alias(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["alias"][0]
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        name = b.first_named(left) if left is not None else None
        while name is not None and name.type != "identifier":
            name = b.first_named(name)
        if name is None or right is None:
            continue
        row = b.define_node(DefKind.TYPE_ALIAS, name, node, scope=_place(b, name))
        b.add_site(row, name.start_byte, right)


_CAPTURES = frozenset({"case_pattern", "splat_pattern", "as_pattern", "as_pattern_target", "keyword_pattern"})


def _case(b: Builder, matches: list[Captures]) -> None:
    """Capture patterns bind names; class patterns narrow what they bind."""
    for captures in matches:
        stack = [child for child in captures["case"][0].children if child.type == "case_pattern"]
        while stack:
            node = stack.pop()
            kind = node.type
            if kind in ("dotted_name", "identifier") and node.parent is not None:
                name = b.first_named(node) if kind == "dotted_name" else node
                is_capture = node.named_child_count <= 1 and node.parent.type in _CAPTURES
                if name is not None and is_capture and b.text(name) != "_":
                    b.bind(name, scope=_place(b, name), value=_matched(b, node))
                continue
            if kind == "keyword_pattern" or kind == "class_pattern":
                stack.extend(node.named_children[1:])
            else:
                stack.extend(node.named_children)


def _matched(b: Builder, name: Node) -> Callable[[], int] | None:
    """In ``case C() as name``: an instance of C."""
    parent = name.parent
    if parent is None or parent.type != "as_pattern":
        return None
    pattern = parent.named_children[0]
    pattern = b.first_named(pattern) or pattern
    if pattern.type != "class_pattern":
        return None
    path = pattern.named_children[0]
    return lambda: b.expr(ExprOp.INSTANCE, dotted_expr(b, path))


def _late_case(b: Builder, matches: list[Captures]) -> None:
    """``match name: case C(): …`` says what the name is in that case."""
    for captures in matches:
        case = captures["case"][0]
        block = case.child_by_field_name("consequence")
        match = case.parent.parent if case.parent is not None else None
        subject = match.child_by_field_name("subject") if match is not None else None
        patterns = [child for child in case.named_children if child.type == "case_pattern"]
        if block is None or subject is None or subject.type != "identifier" or len(patterns) != 1:
            continue
        pattern = b.first_named(patterns[0])
        if pattern is not None and pattern.type == "as_pattern":
            pattern = b.first_named(pattern.named_children[0])
        if pattern is not None and pattern.type == "class_pattern":
            b.narrow(subject, pattern.named_children[0], block.start_byte, block.end_byte)


def _late_case_path(b: Builder, matches: list[Captures]) -> None:
    """The parts behind the dots of ``case Color.RED``."""
    for captures in matches:
        path = captures["path"][0]
        for position, part in enumerate(path.named_children[1:], 1):
            b.late_members.append(
                (
                    b.text(part),
                    part.start_byte,
                    part.end_byte,
                    partial(dotted_expr, b, path, position),
                )
            )


# -- hooks: imports


def _imports(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["import"][0]
        scope = _place(b, node)
        if node.type == "import_statement":
            for child in node.named_children:
                _plain_import(b, child, scope)
        elif node.type == "import_from_statement":
            _from_import(b, node, scope)


def _plain_import(b: Builder, node: Node, scope: int) -> None:
    alias = node.child_by_field_name("alias") if node.type == "aliased_import" else None
    module = node.child_by_field_name("name") if node.type == "aliased_import" else node
    if module is None or module.type != "dotted_name":
        return
    text = _dotted(b, module)
    flags = int(ImportFlag.MODULE)
    if alias is not None:
        row = b.define_node(DefKind.IMPORT, alias, node, scope=scope)
    else:
        first = module.named_children[0]
        if "." in text:
            flags |= ImportFlag.FIRST_PART
        name = b.text(first)
        row = b.definition_named(scope, name)
        if row < 0 or b.def_kind[row] != DefKind.IMPORT or not flags & ImportFlag.FIRST_PART:
            row = b.define_node(DefKind.IMPORT, first, node, scope=scope, claim=False)
    at = b.add_import(
        module=text, definition=row, flags=flags, start=module.start_byte, end=module.end_byte, scope=scope
    )
    _module_parts(b, module, at, "")


def _dotted(b: Builder, node: Node) -> str:
    return ".".join(b.text(part) for part in node.named_children)


def _module_parts(b: Builder, module: Node, row: int, prefix: str) -> None:
    """Each part of a dotted name refers to the module that the name up to it denotes."""
    for part in module.named_children:
        text = b.text(part)
        b.name_index(text)
        prefix = f"{prefix}.{text}" if prefix and not prefix.endswith(".") else prefix + text
        b.occurrence(part, Role.IMPORT, MODULE_PART, row, prefix)


def _from_import(b: Builder, node: Node, scope: int) -> None:
    module = node.child_by_field_name("module_name")
    if module is None:
        return
    level = 0
    dotted: Node | None = module
    if module.type == "relative_import":
        dotted = None
        for child in module.children:
            if child.type == "import_prefix":
                level = b.text(child).count(".")
            elif child.type == "dotted_name":
                dotted = child
    text = _dotted(b, dotted) if dotted is not None else ""
    start, end = module.start_byte, module.end_byte
    row = -1
    reexport = b.path.endswith("__init__.py") or b.path.endswith(".pyi")
    for child in node.children_by_field_name("name"):
        alias = child.child_by_field_name("alias") if child.type == "aliased_import" else None
        name = child.child_by_field_name("name") if child.type == "aliased_import" else child
        if name is None:
            continue
        imported = _dotted(b, name) if name.type == "dotted_name" else b.text(name)
        token = name.named_children[0] if name.type == "dotted_name" and name.named_children else name
        bound = alias if alias is not None else token
        definition = b.definition_named(scope, b.text(bound))
        if definition >= 0 and b.def_kind[definition] == DefKind.IMPORT:
            # `try: from fast import f  except ImportError: from slow import f`: one name, two origins
            if alias is not None and b.text(alias) != imported:
                b.occurrence(alias, Role.IMPORT, definition, -1)
        else:
            definition = b.define_node(
                DefKind.IMPORT,
                bound,
                child,
                scope=scope,
                claim=alias is not None and b.text(alias) != imported,
            )
        flags = ImportFlag.REEXPORT if reexport else ImportFlag.NONE
        row = b.add_import(
            module=text,
            name=imported,
            definition=definition,
            flags=flags,
            start=start,
            end=end,
            scope=scope,
            level=level,
        )
        b.import_name(token, row, imported)
        if alias is not None and b.text(alias) == imported:
            b.occurrence(alias, Role.IMPORT, definition, -1)
    for child in node.named_children:
        if child.type == "wildcard_import":
            row = b.add_import(
                module=text, flags=ImportFlag.STAR, start=start, end=end, scope=scope, level=level
            )
    if row >= 0 and dotted is not None:
        _module_parts(b, dotted, row, "." * level)


# -- hooks: what functions give, what checks say


def _late_yield(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["yield"][0]
        scope = b.enclosing(b.scope_at(node.start_byte), ScopeKind.FUNCTION)
        row = b.scope_def[scope]
        if row <= 0:
            continue
        value = b.first_named(node)
        b.def_flags[row] |= DefFlag.GENERATOR
        if value is None:
            continue
        whole = any(child.type == "from" for child in node.children)

        def later(value: Node = value, whole: bool = whole) -> int:
            given = b.expr_of(value)
            return b.expr(ExprOp.YIELDED, b.expr(ExprOp.ELEMENT, given) if whole else given)

        b.add_site(row, node.start_byte, later)


def _late_isinstance(b: Builder, matches: list[Captures]) -> None:
    """``if isinstance(x, T): …``, ``assert isinstance(x, T)``, ``if not isinstance(x, T): return``."""
    for captures in matches:
        node, name, type_node = captures["check"][0], captures["name"][0], captures["type"][0]
        negated = False
        parent = node.parent
        child = node
        while parent is not None and parent.type in (
            "boolean_operator",
            "parenthesized_expression",
            "not_operator",
        ):
            if parent.type == "not_operator":
                negated = not negated
            elif parent.type == "boolean_operator":
                operator = parent.child_by_field_name("operator")
                word = b.text(operator) if operator is not None else "and"
                if word == "or":
                    break
                if not negated and parent.child_by_field_name("left") == child:
                    right = parent.child_by_field_name("right")
                    if right is not None:
                        b.narrow(name, type_node, right.start_byte, right.end_byte)
            child, parent = parent, parent.parent
        if parent is None:
            continue
        if parent.type in ("if_statement", "elif_clause", "while_statement"):
            block = parent.child_by_field_name("consequence") or parent.child_by_field_name("body")
            if block is None or parent.child_by_field_name("condition") != child:
                continue
            if not negated:
                b.narrow(name, type_node, block.start_byte, block.end_byte)
            elif _leaves(block):
                b.narrow(name, type_node, parent.end_byte, b.branch_end(parent.start_byte))
        elif parent.type == "assert_statement" and not negated:
            b.narrow(name, type_node, parent.end_byte, b.branch_end(parent.start_byte))
        elif parent.type == "conditional_expression" and not negated:
            first = b.first_named(parent)
            if first is not None and first != child:
                b.narrow(name, type_node, first.start_byte, first.end_byte)


def _leaves(block: Node) -> bool:
    """Whether a block surely leaves its function or loop at its end."""
    last = block.named_children[-1] if block.named_child_count else None
    return last is not None and last.type in (
        "return_statement",
        "raise_statement",
        "continue_statement",
        "break_statement",
    )


def _late_string_type(b: Builder, matches: list[Captures]) -> None:
    """Names inside quoted annotations are uses too."""
    for captures in matches:
        parsed = parse_string_type(b, captures["string"][0])
        if parsed is None:
            continue
        tree, offset = parsed
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                start = offset + node.col_offset
                b.token(node.id, start, start + len(node.id.encode()), Role.TYPE, b.lookup(node.id, offset))
            elif isinstance(node, ast.Attribute) and node.end_col_offset is not None:
                end = offset + node.end_col_offset
                start = end - len(node.attr.encode())
                b.late_members.append((node.attr, start, end, partial(from_ast, b, node.value, offset)))


def _finish(b: Builder) -> None:
    for name in sorted(b.exported):
        row = b.definition_named(0, name)
        if row >= 0:
            b.def_flags[row] |= DefFlag.EXPORTED
        b.name_index(name)
    for row, kind in enumerate(b.def_kind):
        if kind in (DefKind.FUNCTION, DefKind.METHOD, DefKind.PROPERTY):
            start = b.def_start[row]
            if (
                b.source.startswith(b"async", start)
                or b" async def" in b.source[start : b.def_name_start[row]]
            ):
                b.def_flags[row] |= DefFlag.ASYNC
            name = b.names[b.def_name[row]]
            if name.startswith("test") and (b.scope_kind[b.def_scope[row]] != ScopeKind.FUNCTION):
                b.def_flags[row] |= DefFlag.TEST


def module_name(path: str) -> str:
    """``src/flask/app.py`` -> ``flask.app``; a package's ``__init__`` is the package."""
    parts = path.split("/")
    stem = parts[-1].rsplit(".", 1)[0]
    folders = parts[:-1]
    for root in ("src", "lib", "python"):
        if root in folders:
            folders = folders[len(folders) - folders[::-1].index(root) :]
    if stem != "__init__":
        folders = [*folders, stem]
    return ".".join(folders)


PYTHON = Language(
    name="python",
    grammar="python",
    extensions=(".py", ".pyi", ".pyw"),
    easy=without_long_comments,
    expressions=EXPRESSIONS,
    hooks={
        "lambda": _lambdas,
        "decorated": _decorated,
        "binding_scope": _binding_scope,
        "parameters": _parameters,
        "type_parameters": _type_parameters,
        "import": _imports,
        "assign": _assign,
        "augment": _augment,
        "walrus": _walrus,
        "for": _for,
        "as": _as,
        "type_alias": _type_alias,
        "case": _case,
        "late_lambda": _late_lambda,
        "late_case": _late_case,
        "use_decorated": _use_decorated,
        "late_all": _late_all,
        "use_computed": _use_computed,
        "use_call": _use_call,
        "late_store": _late_store,
        "use_raise": _use_raise,
        "use_iterated": _use_iterated,
        "use_metaclass": _use_metaclass,
        "late_if": _late_if,
        "late_case_path": _late_case_path,
        "late_yield": _late_yield,
        "late_isinstance": _late_isinstance,
        "late_string_type": _late_string_type,
    },
    finish=_finish,
    module_name=module_name,
    block_scoped=False,
    rebinds=True,
    class_scope_visible=False,
    rules="magellan_lsp.languages.python.rules",
)

LANGUAGES = {"python": PYTHON}
