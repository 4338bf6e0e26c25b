"""What C and C++ share in extraction: macros, conditionals, declarators, types."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from tree_sitter import Node, Tree

from magellan_lsp.facts.file_facts import FIELD_OF, IMPORTED, MEMBER
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role, ScopeKind
from magellan_lsp.languages.base import Captures
from magellan_lsp.languages.c.library import LIBRARY
from magellan_lsp.languages.c.prepare import Prepared, blanked, prepare, simpler_heads, without_errors

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder


#: Builds an expression when all names are known.
Later = Callable[[], int]


class Note(NamedTuple):
    """What reading a file leaves for the hooks."""

    prepared: Prepared
    macros: Tree | None


def reader(cpp: bool) -> Callable[[bytes, Callable[[bytes], Tree]], tuple[Tree, Note]]:
    """``Language.read``: parses the code and, apart from it, the bodies of macros."""

    def read(source: bytes, parse: Callable[[bytes], Tree]) -> tuple[Tree, Note]:
        prepared = prepare(source, cpp)
        tree = parse(prepared.text)
        if cpp and tree.root_node.has_error:
            text = simpler_heads(prepared, lambda head: parse(head).root_node.has_error)
            if text != prepared.text:
                prepared = prepared._replace(text=text)
                tree = parse(text)
        if not prepared.macros:
            return tree, Note(prepared, None)
        macros = parse(prepared.macros)
        if macros.root_node.has_error:
            kept = without_errors(
                prepared.macros, prepared.directives, lambda body: parse(body).root_node.has_error
            )
            prepared = prepared._replace(macros=kept)
            macros = parse(kept)
        return tree, Note(prepared, macros)

    return read


def further_roots(note: Note) -> list[Node]:
    """The tree of macro bodies."""
    return [note.macros.root_node] if note.macros is not None else []


# -- the preprocessor

_DEFINE = re.compile(rb"[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)(\([^()]*\))?")
_INCLUDE = re.compile(rb"[ \t]*#[ \t]*(?:include|include_next|import)[ \t]*(?:\"([^\"\n]+)\"|<([^>\n]+)>)")
_WORD = re.compile(rb"(?<![\w'\"])[A-Za-z_]\w*")
_WORD_OR_TEXT = re.compile(
    rb"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|//[^\n]*|/\*.*?\*/|(?<![\w.])[A-Za-z_]\w*", re.DOTALL
)
_CONDITIONS = frozenset((b"if", b"elif", b"ifdef", b"ifndef", b"elifdef", b"elifndef", b"undef"))
_NO_NAMES = frozenset(
    b"defined include define undef if ifdef ifndef elif else endif elifdef elifndef pragma error warning "
    b"line void int char float double bool _Bool short long signed unsigned const volatile static extern "
    b"inline struct union enum class typename return sizeof while for do switch case break continue goto "
    b"default typedef register auto restrict template typename this true false nullptr NULL operator new "
    b"delete public private protected virtual override final using namespace __has_include __VA_ARGS__ "
    b"__VA_OPT__".split()
)


def announce(b: Builder) -> None:
    """``Language.begin``: every macro with parameters is a scope for them."""
    note: Note = b.notes["read"]
    for word, start, end in note.prepared.directives:
        if word == b"define":
            found = _DEFINE.match(b.source, start, end)
            if found is not None:
                b.add_scope(start, end, ScopeKind.FUNCTION, -start - 1)


def directives(b: Builder, matches: list[Captures]) -> None:
    """Macros, includes and the names in conditions; runs once, for the root of the code."""
    if not any(captures["root"][0].id == b.root.id for captures in matches):
        return
    note: Note = b.notes["read"]
    bodies: dict[int, Node] = {}
    if note.macros is not None:
        for statement in note.macros.root_node.named_children:
            bodies.setdefault(b.scope_at(statement.start_byte), statement)
    for word, start, end in note.prepared.directives:
        if word == b"define":
            _macro(b, start, end, bodies)
        elif word in (b"include", b"include_next", b"import"):
            _include(b, start, end)


def _macro(b: Builder, start: int, end: int, bodies: dict[int, Node]) -> None:
    found = _DEFINE.match(b.source, start, end)
    if found is None:
        return
    name_start, name_end = found.span(1)
    body = b.scope_at(start) if b.scope_start[b.scope_at(start)] == start else -1
    row = b.define(
        DefKind.MACRO,
        found.group(1).decode(),
        name_start,
        name_end,
        start + len(found.group()) - len(found.group().lstrip()),
        end,
        scope=0,
        owner=0,
        body=body,
        flags=DefFlag.GLOBAL | (DefFlag.CALLABLE if found.group(2) is not None else 0),
        signature_end=found.end(),
        lexical=not substitutes(b, found.group(1), start),
    )
    if found.group(2):
        for parameter in _WORD.finditer(b.source, *found.span(2)):
            b.define(
                DefKind.PARAMETER,
                parameter.group().decode(),
                *parameter.span(),
                *parameter.span(),
                scope=body,
                owner=row,
            )
    if b.language.name == "cpp":
        _opened_namespaces(b, row, found.end(), end)
    statement = bodies.get(body)
    if statement is not None and statement.type == "expression_statement":
        value = b.first_named(statement)
        if value is not None and value.type == "assignment_expression":
            # `DECLARE (x) = make (…)`: what is declared may be known by its value alone
            left, right = value.child_by_field_name("left"), value.child_by_field_name("right")
            b.add_site(row, value.start_byte, lambda: b.union(b.expr_of(left), b.expr_of(right)))
        elif value is not None:
            b.add_site(row, value.start_byte, value)
    elif statement is not None and statement.type == "declaration":
        # the same, read as a declaration of `x`
        declarator = statement.child_by_field_name("declarator")
        value = declarator.child_by_field_name("value") if declarator is not None else None
        if value is not None:
            b.add_site(row, value.start_byte, value)


def substitutes(b: Builder, name: bytes, start: int) -> bool:
    """Whether a definition at ``start`` stands for one of the library's on systems that have none."""
    if name.decode("utf-8", "replace") not in LIBRARY:
        return False
    return any(first <= start < last for first, last in b.notes["read"].prepared.unlikely)


#: What a macro that opens namespaces holds.
_OPENED = re.compile(rb"(\binline[\s\\]+)?\bnamespace[\s\\]+([A-Za-z_]\w*)[\s\\]*\{")


def _opened_namespaces(b: Builder, macro: int, start: int, end: int) -> None:
    """``#define BEGIN_NAMESPACE namespace a { inline namespace v1 {``: the macro's value is the innermost that is not
    inline.
    """
    if b.source.find(b"namespace", start, end) < 0 or b.source.find(b"}", start, end) >= 0:
        return
    inner = 0
    for found in _OPENED.finditer(b.source, start, end):
        if found.group(1) is None:
            span = found.span(2)
            inner = b.define(
                DefKind.NAMESPACE,
                found.group(2).decode(),
                *span,
                *span,
                scope=0,
                owner=inner,
                flags=DefFlag.OVERLOAD,  # not in the namespace where the macro stands but where it is used
                lexical=False,
            )
    if inner:
        b.add_site(macro, start, lambda: b.expr(ExprOp.DEF, inner, 0))


def _include(b: Builder, start: int, end: int) -> None:
    found = _INCLUDE.match(b.source, start, end)
    if found is None:
        return
    group = 1 if found.group(1) is not None else 2
    path = found.group(group).decode("utf-8", "replace")
    flags = ImportFlag.SIDE_EFFECT | ImportFlag.MODULE
    if group == 2:
        flags |= ImportFlag.SYSTEM
    if any(first <= start < last for first, last in b.notes["read"].prepared.never):
        flags |= ImportFlag.LEFT_OUT
    b.name_index(path.rsplit("/", 1)[-1])
    first, last = found.span(group)
    row = b.add_import(module=path, flags=flags, start=first, end=last)
    b.token(path, first, last, Role.IMPORT, IMPORTED, row)


def preprocessed_names(b: Builder, matches: list[Captures]) -> None:
    """Names in what the grammar did not see: conditions, attribute macros, macro bodies that are no code."""
    if not any(captures["root"][0].id == b.root.id for captures in matches):
        return
    note: Note = b.notes["read"]
    source = b.source
    unparsed = []
    for word, start, end in note.prepared.directives:
        if word in _CONDITIONS:
            _names(b, start, end, asks=word not in (b"if", b"elif"))
        elif word == b"define":
            found = _DEFINE.match(source, start, end)
            if found is not None and note.prepared.macros[found.end() : end].strip() == b"":
                unparsed.append((found.end(), end))
    for start, end in unparsed:
        _names(b, start, end)
    lines = note.prepared.directives
    starts = [line.start for line in lines]
    for start, end, dropped in blanked(source, note.prepared.text):
        at = bisect_right(starts, start) - 1
        if not dropped and (at < 0 or start >= lines[at].end):
            _names(b, start, end)
            _member_macros(b, start, end)


#: A macro without arguments alone on its line.
_ALONE = re.compile(rb"(?m)^[ \t]*([A-Za-z_]\w*)[ \t\r]*$")


def _member_macros(b: Builder, start: int, end: int) -> None:
    """A macro that stands for members, alone on its line in a struct: ``struct timer { HANDLE_FIELDS … }``."""
    scope = b.scope_at(start)
    owner = b.scope_def[scope] if b.scope_kind[scope] == ScopeKind.CLASS else -1
    if owner <= 0 or b.scope_end[scope] < end:
        return
    first = b.source.rfind(b"\n", 0, start) + 1
    for found in _ALONE.finditer(b.source, first, max(end, first)):
        b.add_base(owner, b.name_expr(found.group(1).decode(), found.start(1)), MIXIN)


#: ``base_kind`` of a macro whose members a struct has.
MIXIN = 2


def mark_unlikely(b: Builder, matches: list[Captures]) -> None:
    """Definitions in branches that an ordinary build does not take come second."""
    spans = b.notes["read"].prepared.unlikely
    if not spans or not any(captures["root"][0].id == b.root.id for captures in matches):
        return
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not merged or start >= merged[-1][1]:
            merged.append((start, end))
    starts = [start for start, _ in merged]
    unlikely = int(DefFlag.UNLIKELY)
    for row, start in enumerate(b.def_start):
        at = bisect_right(starts, start) - 1
        if row and at >= 0 and start < merged[at][1]:
            b.def_flags[row] |= unlikely


def _names(b: Builder, start: int, end: int, asks: bool = False) -> None:
    """Each word of a span is a use; ``asks``: of macros that are not expanded there (``#ifdef``, ``#undef``)."""
    source = b.source
    path, path_end = 0, -1  # the expression of what stands before `::`, and where that ends
    for found in _WORD_OR_TEXT.finditer(source, start, end):
        word = found.group()
        if word in _NO_NAMES or not (word[:1].isalpha() or word[:1] == b"_"):
            continue
        first, last = found.span()
        if source[max(0, first - 2) : first] == b"->":
            continue
        name = word.decode()
        rest = source[last : last + 2].lstrip()
        role = Role.TYPE if asks else Role.CALL if rest[:1] == b"(" else Role.READ
        if source[max(0, first - 3) : first] == b">::":
            continue  # a member of what a template makes
        if path > 0 and path_end == first - 2 and source[path_end:first] == b"::":
            b.token(name, first, last, role, MEMBER, path)
            path = b.expr(ExprOp.PATH, path, b.name_index(name))
        else:
            b.token(name, first, last, role, b.lookup(name, first))
            path = b.name_expr(name, first) if rest == b"::" else 0
        path_end = last


def is_member_macro(b: Builder, scope: int) -> bool:
    """Whether a scope is the body of a macro without parameters: what it declares are members of whatever uses it."""
    row = b.scope_def[scope]
    return row > 0 and b.def_kind[row] == DefKind.MACRO and not b.def_flags[row] & DefFlag.CALLABLE


# -- declarators


class Declared(NamedTuple):
    """What one declarator declares."""

    name: Node
    function: Node | None  # the function_declarator when a function is declared
    layers: tuple[
        Node, ...
    ]  # function declarators around a pointer, outermost first: the type is a function's
    array: bool
    indirect: str = ""  # "*" or "&" around what is declared: it is no value of the type itself


_PASS = frozenset(
    ("pointer_declarator", "reference_declarator", "parenthesized_declarator", "attributed_declarator")
)
_ABSTRACT = frozenset(
    ("abstract_pointer_declarator", "abstract_reference_declarator", "abstract_parenthesized_declarator")
)
_NAMES = frozenset(
    (
        "identifier",
        "field_identifier",
        "type_identifier",
        "qualified_identifier",
        "destructor_name",
        "operator_name",
        "operator_cast",
        "template_function",
        "template_method",
        "primitive_type",
        "structured_binding_declarator",
    )
)


def declared(node: Node) -> Declared | None:
    """Follow a declarator down to the name."""
    layers: list[Node] = []
    last: Node | None = None
    array = False
    indirect = ""
    for _ in range(60):
        kind = node.type
        if kind in _NAMES:
            return Declared(node, last, tuple(layers), array, indirect)
        inner = node.child_by_field_name("declarator")
        if inner is None:
            inner = next(
                (child for child in node.named_children if not child.is_extra and _declares(child)), None
            )
        if kind == "function_declarator":
            if last is not None:
                layers.append(last)
            last = node
        elif kind in ("pointer_declarator", "reference_declarator", "array_declarator"):
            if last is not None:
                layers.append(last)
                last = None
            array = array or kind == "array_declarator"
            if kind != "array_declarator" and not layers:
                indirect = indirect or ("*" if kind == "pointer_declarator" else "&")
        if inner is None:
            return None
        node = inner
    return None


def _declares(node: Node) -> bool:
    return node.type in _NAMES or node.type.endswith("_declarator")


def with_layers(b: Builder, base: int, layers: tuple[Node, ...]) -> int:
    """The type expression with the function types around it."""
    for layer in layers:
        base = b.expr(ExprOp.FUNCTION_TYPE, base if base > 0 else -1, *parameter_types(b, layer))
    return base


def parameter_types(b: Builder, function: Node) -> Iterator[int]:
    """Type expressions of a function declarator's parameters, the first eight; -1 where not known."""
    parameters = function.child_by_field_name("parameters")
    if parameters is None:
        return
    count = 0
    for child in parameters.named_children:
        if child.type in ("parameter_declaration", "optional_parameter_declaration") and count < 8:
            count += 1
            yield declared_type(b, child)


def declared_type(b: Builder, node: Node) -> int:
    """The type expression of a declaration with one declarator, a parameter or a type_descriptor; -1 for
    none.
    """
    type_node = node.child_by_field_name("type")
    base = b.type_expr(type_node)
    declarator = node.child_by_field_name("declarator")
    if declarator is None:
        return base
    layers: list[Node] = []
    at: Node | None = declarator
    for _ in range(30):
        if at is None:
            break
        if at.type in ("function_declarator", "abstract_function_declarator"):
            layers.append(at)
        inner = at.child_by_field_name("declarator")
        if inner is None:
            inner = next((c for c in at.named_children if c.type.endswith("_declarator")), None)
        at = inner
    return with_layers(b, base, tuple(layers))


# -- expressions


def type_descriptor(b: Builder, node: Node) -> int:
    """A type in a cast, template argument and the like."""
    return max(0, declared_type(b, node))


def cast(b: Builder, node: Node) -> int:
    """``(T)value``."""
    found = b.type_expr(node.child_by_field_name("type"))
    return b.expr(ExprOp.INSTANCE, found) if found > 0 else 0


def compound_literal(b: Builder, node: Node) -> int:
    """``(T){...}``."""
    found = b.type_expr(node.child_by_field_name("type"))
    return b.expr(ExprOp.INSTANCE, found) if found > 0 else 0


def last_of_comma(b: Builder, node: Node) -> int:
    """``a, b`` is b."""
    right = node.child_by_field_name("right")
    return b.expr_of(right)


def assignment(b: Builder, node: Node) -> int:
    """``a = b`` has a's type."""
    return b.expr_of(node.child_by_field_name("left"))


def subscript(b: Builder, node: Node) -> int:
    """``a[i]``."""
    receiver = node.child_by_field_name("argument")
    return b.expr(ExprOp.INDEX, b.expr_of(receiver), -1) if receiver is not None else 0


def arithmetic(b: Builder, node: Node) -> int:
    """Pointer arithmetic keeps the pointer's type; which side it is on only linking can tell."""
    operator = node.child_by_field_name("operator")
    if operator is None or operator.type not in ("+", "-"):
        return 0
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    return b.union(b.expr_of(left), b.expr_of(right)) if operator.type == "+" else b.expr_of(left)


# -- initializers


def designators(b: Builder, matches: list[Captures]) -> None:
    """``.field = value`` in an initializer list: a field of what is initialized."""
    for captures in matches:
        name = captures["name"][0]
        designator = name.parent
        pair = designator.parent if designator is not None else None
        if designator is None or pair is None:
            continue
        type_expr = -1
        if pair.type == "initializer_pair" and pair.parent is not None:
            type_expr = _type_of_list(b, pair.parent, 0)
            for other in pair.children_by_field_name("designator"):
                if other.start_byte >= designator.start_byte:
                    break
                field = b.first_named(other)
                if other.type == "field_designator" and field is not None and type_expr > 0:
                    type_expr = _field_type(b, type_expr, field)
        if type_expr > 0:
            b.occurrence(name, Role.WRITE, FIELD_OF, type_expr)
        else:
            b.occurrence(name, Role.WRITE, MEMBER, 0)


def _field_type(b: Builder, type_expr: int, field: Node) -> int:
    value = b.expr(ExprOp.MEMBER, b.expr(ExprOp.INSTANCE, type_expr), b.name_of(field))
    return b.expr(ExprOp.TYPEOF, value)


def _type_of_list(b: Builder, node: Node, depth: int) -> int:
    """The type that an initializer list initializes, -1 when not known."""
    parent = node.parent
    if parent is None or depth > 12:
        return -1
    kind = parent.type
    if kind == "compound_literal_expression":
        return b.type_expr(parent.child_by_field_name("type"))
    if kind == "init_declarator":
        declaration = parent.parent
        return b.type_expr(declaration.child_by_field_name("type")) if declaration is not None else -1
    if kind == "initializer_list":
        # an element of an array of the same type
        return _type_of_list(b, parent, depth + 1)
    if kind == "initializer_pair" and parent.parent is not None:
        found = _type_of_list(b, parent.parent, depth + 1)
        for designator in parent.children_by_field_name("designator"):
            field = b.first_named(designator)
            if found > 0 and designator.type == "field_designator" and field is not None:
                found = _field_type(b, found, field)
        return found
    return -1


def labels(b: Builder, matches: list[Captures]) -> None:
    """``name:`` in a function."""
    for captures in matches:
        name = captures["name"][0]
        scope = b.enclosing(b.scope_at(name.start_byte), ScopeKind.FUNCTION)
        row = b.define_node(DefKind.LABEL, name, name, scope=scope, lexical=False)
        b.also_bind(scope, f"label {b.text(name)}", row)


def gotos(b: Builder, matches: list[Captures]) -> None:
    """``goto name``."""
    for captures in matches:
        name = captures["name"][0]
        target = b.lookup(f"label {b.text(name)}", name.start_byte)
        if target >= 0:
            b.occurrence(name, Role.READ, target)


def finish(b: Builder) -> None:
    """``Language.finish``: names in a macro's body are called where the macro is used, not where it is
    defined.
    """
    note: Note = b.notes["read"]
    spans = [(start, end) for word, start, end in note.prepared.directives if word == b"define"]
    starts = [start for start, _ in spans]
    claims = b.claims
    for start in b.calls:
        at = bisect_right(starts, start) - 1
        if at >= 0 and start < spans[at][1]:
            end, name, role, target, expr = claims[start]
            if role == Role.CALL:
                claims[start] = (end, name, int(Role.READ), target, expr)
