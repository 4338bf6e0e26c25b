"""What JavaScript and TypeScript share besides declarations and expressions: hooks over uses, module names,
tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import CALLED, MEMBER, OPEN, SAID
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, Role, ScopeKind
from magellan_lsp.languages.base import Captures, Hook, given_functions
from magellan_lsp.languages.javascript.declarations import result_context
from magellan_lsp.languages.javascript.modules import require_calls
from magellan_lsp.languages.javascript.notes import WHOLE, argument_context, expect, notes_of

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

COMMON_QUERY = "magellan_lsp.languages.javascript:common.scm"
JSX_QUERY = "magellan_lsp.languages.javascript:jsx.scm"


# -- contexts


def _arguments(b: Builder, matches: list[Captures]) -> None:
    """Functions and literals written as arguments: the callee says what they should be."""
    notes = notes_of(b)
    seen: set[int] = set()
    for captures in matches:
        node = captures["arguments"][0]
        if node.id in seen:
            continue
        seen.add(node.id)
        call = node.parent
        if call is None or call.type not in ("call_expression", "new_expression"):
            continue
        position = 0
        for child in node.named_children:
            kind = child.type
            if kind == "comment":
                continue
            if kind in _EXPECTING:
                expect(b, child, argument_context(b, call, position))
                if kind == "object":
                    notes.arguments.add(child.id)
            position += 1


_EXPECTING = frozenset({"function_expression", "arrow_function", "generator_function", "object", "array"})


def _invoked(b: Builder, matches: list[Captures]) -> None:
    """A function called where it stands: its parameters are the arguments."""
    notes = notes_of(b)
    for captures in matches:
        given = [child for child in captures["given"][0].named_children if child.type != "comment"]
        notes.invoked[captures["function"][0].id] = given


def _returned(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        # the value may open a scope of its own where it starts
        expect(b, captures["value"][0], result_context(b, b.scope_at(captures["return"][0].start_byte)))


# -- uses


def _yields(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["yield"][0]
        row = b.scope_def[b.enclosing(b.scope_at(node.start_byte), ScopeKind.FUNCTION)]
        value = b.first_named(node)
        if row <= 0 or value is None:
            continue
        whole = any(child.type == "*" for child in node.children)

        def later(value: Node = value, whole: bool = whole) -> int:
            given = b.expr_of(value)
            if given <= 0:
                return 0
            return b.expr(ExprOp.YIELDED, b.expr(ExprOp.ELEMENT, given) if whole else given)

        b.add_site(row, node.start_byte, later)


def _instanceof(b: Builder, matches: list[Captures]) -> None:
    """``if (x instanceof C) …``, ``x instanceof C && x.m()``, ``if (!(x instanceof C)) return``."""
    for captures in matches:
        check, name, type_node = captures["check"][0], captures["name"][0], captures["type"][0]
        definition = b.lookup(b.text(name), name.start_byte, None, b.language.value_space)
        if definition >= 0:
            narrow(b, definition, type_node, check)


_CONDITIONS = frozenset({"parenthesized_expression", "binary_expression", "unary_expression"})
_LEAVING = frozenset({"return_statement", "throw_statement", "continue_statement", "break_statement"})


def narrow(b: Builder, definition: int, type_node: Node | Callable[[], int], check: Node) -> None:
    """Note where a check that found ``definition`` to be of a type holds."""
    negated = False
    child, parent = check, check.parent
    while parent is not None and parent.type in _CONDITIONS:
        if parent.type == "unary_expression":
            negated = not negated
        elif parent.type == "binary_expression":
            operator = parent.child_by_field_name("operator")
            sign = operator.type if operator is not None else ""
            if sign == "||" or (sign != "&&" and not negated):
                return
            right = parent.child_by_field_name("right")
            if not negated and right is not None and right.id != child.id:
                b.narrow_definition(definition, type_node, right.start_byte, right.end_byte)
        child, parent = parent, parent.parent
    if parent is None:
        return
    if parent.type in ("if_statement", "ternary_expression", "while_statement"):
        body = parent.child_by_field_name("consequence") or parent.child_by_field_name("body")
        condition = parent.child_by_field_name("condition")
        if body is None or condition is None or condition.id != child.id:
            return
        if not negated:
            b.narrow_definition(definition, type_node, body.start_byte, body.end_byte)
        elif _leaves(body):
            b.narrow_definition(definition, type_node, parent.end_byte, b.branch_end(parent.start_byte))
        else:
            other = parent.child_by_field_name("alternative")
            if other is not None:
                b.narrow_definition(definition, type_node, other.start_byte, other.end_byte)


def _leaves(body: Node) -> bool:
    """Whether a statement surely leaves its function or loop."""
    last = body
    if body.type == "statement_block":
        if not body.named_child_count:
            return False
        last = body.named_children[-1]
    return last.type in _LEAVING


def _jumps(b: Builder, matches: list[Captures]) -> None:
    """``break label``: the innermost labelled statement of that name around it."""
    labels = notes_of(b).labels
    for captures in matches:
        token = captures["label"][0]
        name = b.text(token)
        best = -1
        for start, end, row in labels:
            if start <= token.start_byte < end and b.names[b.def_name[row]] == name:
                best = row
        if best >= 0:
            b.occurrence(token, Role.READ, best)


def _elements(b: Builder, matches: list[Captures]) -> None:
    """Names of page elements in JSX are no names of the program: keep them from being taken for some."""
    hidden = b.notes.setdefault("elements", set())
    for captures in matches:
        hidden.update(node.start_byte for node in captures["name"])


def _attributes(b: Builder, matches: list[Captures]) -> None:
    """``<Component name={value}/>``: the name is a member of what the component's function takes first, or of its
    class's ``props``.
    """
    notes = notes_of(b)
    for captures in matches:
        component, name = captures["component"][0], captures["name"][0]
        text = b.text(component)
        if text[:1].islower() and "." not in text:
            continue

        def props(component: Node = component) -> int:
            found = b.expr_of(component)
            if found <= 0:
                return 0
            own = b.expr(ExprOp.MEMBER, b.expr(ExprOp.INSTANCE, found), b.name_index("props"))
            return b.union(b.expr(ExprOp.PARAMETER, found, 0), own)  # of a function, of a class

        def use(name: Node = name, props: object = props) -> None:
            expected = props()  # type: ignore[operator]
            if expected > 0:
                b.occurrence(name, Role.WRITE, MEMBER, expected)

        notes.later.append(use)
        for value in captures.get("value", ()):
            inner = b.first_named(value) if value.type == "jsx_expression" else None
            if inner is not None:

                def context(props: object = props, key: str = b.text(name)) -> int:
                    around = props()  # type: ignore[operator]
                    return b.expr(ExprOp.MEMBER, around, b.name_index(key)) if around > 0 else 0

                expect(b, inner, context)


def _called(b: Builder, matches: list[Captures]) -> None:
    """Calls that may mean one of several signatures: the arguments decide."""
    space = b.language.value_space
    kinds = b.def_kind
    for captures in matches:
        name, call = captures["name"][0], captures["call"][0]
        start = name.start_byte
        if name.type == "identifier":
            found = b.lookup(b.text(name), start, None, space)
            if found < 0 or not (
                kinds[found] in _DECIDED_LATER or (kinds[found] == _FUNCTION and _several(b, found))
            ):
                b.calls.add(start)
                continue
        elif name.end_byte - start == 6 and b.text(name) == "create":
            b.calls.add(start)
            continue  # Object.create(x) is like x
        made = b.expr_of(call)
        if made > 0:
            b.occurrence(name, Role.CALL, CALLED, made)
        else:
            b.calls.add(start)


_LINK = re.compile(rb"\{@link(?:code|plain)?\s+([A-Za-z_$][\w$]*)(?:[.#]([A-Za-z_$][\w$]*))?")


def _doc_links(b: Builder, matches: list[Captures]) -> None:
    """``{@link name}`` and ``{@link Type.member}`` in a comment are uses of the names."""
    for captures in matches:
        node = captures["comment"][0]
        for match in _LINK.finditer(b.source, node.start_byte, node.end_byte):
            start, end = match.span(1)
            name = match.group(1).decode()
            b.token(name, start, end, Role.READ, b.lookup(name, start))
            if match[2] is not None:
                owner = b.name_expr(name, start)
                either = b.union(b.expr(ExprOp.INSTANCE, owner), owner)  # whether it is static is not said
                # named, and not called
                b.token(match[2].decode(), *match.span(2), Role.TYPE, MEMBER, either)


def _several(b: Builder, function: int) -> bool:
    """Whether a function of the file has several signatures."""
    counts: Counter[tuple[int, int]] | None = b.notes.get("counts")
    if counts is None:
        counts = b.notes["counts"] = Counter(zip(b.def_scope, b.def_name, strict=True))
    return counts[b.def_scope[function], b.def_name[function]] > 1


# -- the end


def finish(b: Builder) -> None:
    """Occurrences that needed expressions, bases, overloads, exports, and what else needs the whole file."""
    notes = notes_of(b)
    for node_start in b.notes.get("elements", ()):
        b.claims.pop(node_start, None)
    for row, value, given, kind in notes.bases:
        base = b.expr_of(value)
        if base > 0 and given is not None:
            base = b.expr(ExprOp.GENERIC, base, *(b.expr_of(part) for part in given.named_children))
        b.add_base(row, base, kind)
    for use in notes.later:
        use()
    _overloads(b, notes.signatures)
    _module_words(b)
    if not notes.is_module:
        b.groups.append("javascript:script")
    if notes.is_commonjs:
        b.groups.append("javascript:commonjs")


def _module_words(b: Builder) -> None:
    """The words `module` and `exports` of a CommonJS file mean the file; where it is said what the file is as
    a whole they mean that, and `exports` in `exports.name = …` means what is exported there.
    """
    if not b.knows("module") and not b.knows("exports"):
        return
    words = (b.name_index("module"), b.name_index("exports"))
    file = b.expr(ExprOp.DEF, 0, 0)
    module = b.expr(ExprOp.NAME, words[0], 0, b.language.value_space)
    whole = b.name_index(WHOLE)
    exporting = notes_of(b).export_words
    spans = [
        (b.def_name_start[row], b.def_name_end[row], row)
        for row, name in enumerate(b.def_name)
        if name == whole
    ]
    for start, (end, name, role, bound, expr) in list(b.claims.items()):
        if name not in words or not (
            bound == OPEN or (bound == MEMBER and name == words[1] and expr in (module, file))
        ):
            continue
        said = next((row for first, last, row in spans if first <= start < last), -1)
        said = exporting.get(start, said)
        b.claims[start] = (end, name, role, SAID, said) if said >= 0 else (end, name, role, 0, -1)


def _overloads(b: Builder, signatures: list[int]) -> None:
    """Signatures beside others of the same name in their scope are overloads."""
    if not signatures:
        return
    for row in signatures:
        if _several(b, row):
            b.def_flags[row] |= DefFlag.OVERLOAD


def module_name(path: str) -> str:
    """``lib/reply.js`` -> ``lib/reply``; a folder's ``index`` file is the folder."""
    stem = path.rsplit("/", 1)[-1].split(".", 1)[0]
    folder = path.rsplit("/", 1)[0] if "/" in path else ""
    if stem == "index":
        return folder
    return f"{folder}/{stem}" if folder else stem


#: Calls of these are looked at again when all files are known: what an import brings, a class's constructor.
_DECIDED_LATER = frozenset({int(DefKind.IMPORT), int(DefKind.CLASS)})
_FUNCTION = int(DefKind.FUNCTION)

HOOKS: dict[str, Hook] = {
    "require": require_calls,
    "argument": _arguments,
    "invoked": _invoked,
    "returned": _returned,
    "late_yield": _yields,
    "late_instanceof": _instanceof,
    "late_jump": _jumps,
    "late_element": _elements,
    "attribute": _attributes,
    "use_called": _called,
    "use_given": given_functions,
    "late_doc_link": _doc_links,
}
