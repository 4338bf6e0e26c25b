"""What the hooks of one JavaScript or TypeScript file tell each other, and what a place says of the value in
it.

A *context* is what the surroundings of a function or an object literal say about its type: it is an argument
of a call, the value of a declared variable, the result of a function with a declared result. Contexts are
noted from the outside in and become expressions only when all names are known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tree_sitter import Node

from magellan_lsp.facts.kinds import ExprOp

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

#: Context of a value, by the id of its node: makes the expression of the expected value; 0 when nothing is
#: known.
Context = Callable[[], int]

FUNCTION_NODES = frozenset({"function_expression", "arrow_function", "generator_function"})
CLASS_NODES = frozenset({"class"})
_MAX_CONTEXTS = 20
#: A string argument longer than this is no name of an event, a method or an option.
_MAX_STRING = 40
#: Wrappers through which a value stays the same.
WRAPPERS = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"}
)
#: The name under which a module's whole value is kept (`module.exports = …`, `export = …`).
WHOLE = "module.exports"


class Moved(NamedTuple):
    """``object.name = value``: a member declared by assignment."""

    obj: Node
    name: Node
    node: Node
    value: Node
    row: int  # of the definition already made for a function value, or -1


class Notes:
    """One file's working memory."""

    def __init__(self) -> None:
        self.contexts: dict[int, Context] = {}
        self.arguments: set[int] = set()  # ids of values written as arguments
        self.starts: dict[int, int] = {}  # id of a declaration -> start of the statement around it
        self.exported: set[int] = set()  # ids of declarations behind `export`
        self.defaults: set[int] = set()  # … behind `export default`
        self.ambient: set[int] = set()  # … behind `declare`
        self.required: dict[int, tuple[Node, Node]] = {}  # id of a call -> (call, module string)
        self.functions: dict[int, Node] = {}  # function definition -> its node
        self.invoked: dict[int, list[Node]] = {}  # id of a function called where it stands -> the arguments
        self.rests: dict[int, tuple[Node, Node]] = {}  # definition -> `require` that it has the rest of
        self.bound: set[int] = set()  # ids of `require` calls that a declaration took
        self.bases: list[tuple[int, Node, Node | None, int]] = []  # (class, base, type arguments, kind)
        self.labels: list[tuple[int, int, int]] = []  # (start, end, definition) of labelled statements
        self.values: dict[int, int] = {}  # id of a value -> the definition that it is the value of
        self.arrows: set[int] = set()  # scopes of arrow functions
        self.literals: dict[int, int] = {}  # object literal's definition -> id of its node
        self.this_objects: dict[int, Node] = {}  # function scope -> the object that the function is put on
        # function scope -> the object of what is put on its own `this`
        self.this_members: dict[int, int] = {}
        # start of the word `exports` in `exports.name = …` -> what it exports
        self.export_words: dict[int, int] = {}
        self.this_types: dict[int, Node] = {}  # function scope -> declared type of `this`
        self.members: dict[tuple[int, str], int] = {}  # (owner, name) -> member
        self.objects: dict[int, int] = {}  # variable -> its object literal
        self.symbols: set[int] = set()  # constants that hold a symbol of their own
        self.named_imports: set[int] = set()  # what `import { name }` defines
        self.prototypes: dict[int, int] = {}  # object literal -> the class it is the prototype of
        self.moved: list[Moved] = []
        self.assigned: list[tuple[Node, Node]] = []  # (pattern or name, value)
        self.later: list[Callable[[], None]] = []  # occurrences that need expressions; run at the very end
        self.signatures: list[int] = []  # functions and methods without a body
        self.spread: list[tuple[int, Node]] = []  # (object literal, what it takes the members of)
        self.is_module = False
        self.is_commonjs = False
        self._known: dict[int, int] = {}
        self._depth = 0

    def expected(self, node_id: int) -> int:
        """The expression of what a value's context expects it to be; 0 for nothing.

        Contexts hang off each other as deep as the source nests; beyond a depth they say nothing.
        """
        found = self._known.get(node_id)
        if found is None:
            context = self.contexts.get(node_id)
            if context is None or self._depth >= _MAX_CONTEXTS:
                return 0
            self._depth += 1
            found = context()
            self._depth -= 1
            self._known[node_id] = found
        return found


def notes_of(b: Builder) -> Notes:
    """The file's notes, made on first use."""
    found = b.notes.get("javascript")
    if found is None:
        found = b.notes["javascript"] = Notes()
    notes: Notes = found
    return notes


def unwrap(node: Node) -> Node:
    """The value inside parentheses and type assertions."""
    while node.type in WRAPPERS:
        inner = node.named_children[0] if node.named_child_count else None
        if inner is None:
            break
        node = inner
    return node


def expect(b: Builder, value: Node, context: Context) -> None:
    """Note what a value's surroundings say of it, for the functions and literals that it may be."""
    notes = notes_of(b)
    stack = [value]
    while stack:
        node = unwrap(stack.pop())
        kind = node.type
        if kind in ("ternary_expression", "binary_expression"):
            parts = ("consequence", "alternative") if kind == "ternary_expression" else ("left", "right")
            stack.extend(part for field in parts if (part := node.child_by_field_name(field)) is not None)
        elif kind in FUNCTION_NODES or kind == "object":
            notes.contexts.setdefault(node.id, context)
        elif kind == "array":

            def element(around: Context = context) -> int:
                outer = around()
                return b.expr(ExprOp.ELEMENT, outer) if outer > 0 else 0

            for child in node.named_children[:64]:
                if child.type in FUNCTION_NODES or child.type == "object":
                    notes.contexts.setdefault(child.id, element)


def argument_context(b: Builder, call: Node, position: int) -> Context:
    """The context of the argument at a position of a call: the callee's parameter."""

    def build() -> int:
        callee = call.child_by_field_name("function") or call.child_by_field_name("constructor")
        function = b.expr_of(callee)
        explicit = call.child_by_field_name("type_arguments")
        if function > 0 and explicit is not None:
            function = b.expr(
                ExprOp.GENERIC, function, *(b.expr_of(part) for part in explicit.named_children)
            )
        return (
            b.expr(ExprOp.ARGUMENT, function, position, -1, *others(b, call, position)) if function > 0 else 0
        )

    return build


def others(b: Builder, call: Node, position: int) -> list[int]:
    """A call's arguments, of the one at ``position`` only its kind: what overloads and type parameters go
    by.
    """
    given = call.child_by_field_name("arguments")
    found: list[int] = []
    for child in given.named_children if given is not None else ():
        kind = child.type
        if kind == "comment":
            continue
        if kind == "string":
            found.append(b.expr(ExprOp.STRING, b.name_index(b.text(child)[1:-1][:_MAX_STRING])))
        elif len(found) != position:
            found.append(b.expr_of(child))
        elif kind in FUNCTION_NODES:
            found.append(b.expr(ExprOp.LITERAL, b.name_index("Function")))
        elif kind == "object":
            found.append(b.expr_of(child))
        else:
            found.append(0)
        if len(found) == 8:
            break
    return found


def parameter_of(b: Builder, function: Node, position: int) -> int:
    """The expression of what a function is given for a parameter, from the function's context; 0 for
    nothing.
    """
    expected = notes_of(b).expected(function.id)
    return b.expr(ExprOp.PARAMETER, expected, position) if expected > 0 else 0
