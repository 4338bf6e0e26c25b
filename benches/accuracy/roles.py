"""Where identifiers stand in a source and in which role: what an oracle is asked about.

Roles: ``call`` (a callee written plain), ``method`` (one written with a receiver or a qualifier), ``attribute`` (a member
that is not called), ``type``, ``import`` (a name or path in an import), ``variable`` (any other use of a plain name),
``macroarg`` (Rust: inside the arguments of a macro), ``definition`` (the name of a function or type where it is defined).
Names that bind a variable or parameter have none. Found with tree-sitter alone, so that what is measured has no say in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath

from scoring import Place
from tree_sitter import Node, Parser, Tree
from tree_sitter_language_pack import get_language

#: Language, as answer files name it: grammar by extension.
GRAMMARS: dict[str, dict[str, str]] = {
    "python": {".py": "python"},
    "go": {".go": "go"},
    "rust": {".rs": "rust"},
    "c": {".c": "c", ".h": "c"},
    "cpp": {".cc": "cpp", ".cpp": "cpp", ".cxx": "cpp", ".hpp": "cpp", ".hh": "cpp", ".h": "cpp"},
    "java": {".java": "java"},
    "js": {".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "javascript"},
    "ts": {".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx"},
}
#: Larger files are left out, in bytes.
MAX_SIZE = 2_000_000

_FUNCTIONS = {
    "function_definition", "function_declaration", "method_declaration", "function_item", "constructor_declaration",
    "method_definition", "generator_function_declaration", "arrow_function", "function_expression", "closure_expression",
    "lambda", "func_literal", "lambda_expression", "function_signature_item",
}  # fmt: skip
_NAMED_FUNCTIONS = {
    "function_definition", "function_declaration", "method_declaration", "function_item", "method_definition",
    "generator_function_declaration",
}  # fmt: skip
_TYPES = {
    "class_definition", "class_declaration", "interface_declaration", "enum_declaration", "record_declaration",
    "struct_item", "enum_item", "trait_item", "union_item", "type_item", "type_spec", "type_alias_declaration",
    "abstract_class_declaration", "annotation_type_declaration",
}  # fmt: skip
_CLASSES = {
    "class_definition", "class_declaration", "abstract_class_declaration", "class_specifier", "struct_specifier",
    "record_declaration", "enum_declaration", "class",
}  # fmt: skip
_CALLS = {"call_expression", "call", "new_expression"}
_GENERIC = {"generic_function", "template_function", "instantiation_expression"}


@dataclass(frozen=True)
class Spot:
    """An identifier.

    Attributes:
        line, character: 0-based, UTF-16 units.
        role: one of this module's.
        function: it is the name of a function or method where that is defined.
        scope: the first and last line of the innermost function around it.
    """

    path: str
    line: int
    character: int
    role: str
    function: bool = False
    scope: tuple[int, int] | None = None


@dataclass
class _Way:
    """A leaf and its ancestors, innermost first: ``kinds[0]`` is the leaf's kind, ``fields[0]`` its place in its parent."""

    leaf: Node
    kinds: list[str]
    fields: list[str | None]
    nodes: list[Node] = field(default_factory=list)

    @property
    def parent(self) -> str:
        return self.kinds[1]

    def inside(self, kinds: set[str], levels: int) -> str | None:
        """The innermost ancestor's kind that is one of these, up to so many levels away."""
        return next((kind for kind in self.kinds[1 : levels + 1] if kind in kinds), None)

    def called(self, at: int) -> bool:
        """Whether the ancestor of that level is what a call calls, type arguments aside."""
        while at + 1 < len(self.kinds) and self.kinds[at + 1] in _GENERIC:
            at += 1
        return (
            at + 1 < len(self.kinds)
            and self.kinds[at + 1] in _CALLS
            and self.fields[at] in {"function", "constructor"}
        )


#: The role and whether it is a function's name; None when the leaf is not asked about.
_Role = tuple[str, bool] | None


def _use(role: str) -> _Role:
    return role, False


def _member(way: _Way) -> _Role:
    return _use("method" if way.called(1) else "attribute")


def _python(way: _Way) -> _Role:
    parent, name = way.parent, way.fields[0]
    if way.kinds[0] != "identifier" or way.leaf.text in (b"self", b"cls"):
        return None
    if way.inside({"import_statement", "import_from_statement", "future_import_statement"}, 3):
        return None if name == "alias" else _use("import")
    if parent in {"function_definition", "class_definition"} and name == "name":
        return "definition", parent == "function_definition"
    if parent == "attribute" and name == "attribute":
        return _member(way)
    if parent == "call" and name == "function":
        return _use("call")
    if parent in {"parameters", "lambda_parameters", "typed_parameter", "list_splat_pattern", "dictionary_splat_pattern",
                  "pattern_list", "tuple_pattern", "global_statement", "nonlocal_statement", "as_pattern_target",
                  "type_parameter"}:  # fmt: skip
        return None
    if name == "name" and parent in {
        "keyword_argument",
        "default_parameter",
        "typed_default_parameter",
        "named_expression",
    }:
        return None
    if name == "left" and parent in {"assignment", "augmented_assignment", "for_statement", "for_in_clause"}:
        return None
    if way.inside({"type"}, 6) or way.kinds[1:3] == ["argument_list", "class_definition"]:
        return _use("type")
    return _use("variable")


def _go(way: _Way) -> _Role:
    kind, parent, name = way.kinds[0], way.parent, way.fields[0]
    if kind == "type_identifier":
        if parent == "type_spec" and name == "name":
            return _use("definition")
        return None if parent == "type_parameter_declaration" else _use("type")
    if kind == "field_identifier":
        if parent == "method_declaration":
            return "definition", True
        return _member(way) if parent == "selector_expression" else None
    if kind != "identifier" or way.leaf.text in (b"_", b"nil", b"true", b"false"):
        return None
    if parent == "function_declaration" and name == "name":
        return "definition", True
    if parent == "call_expression" and name == "function":
        return _use("call")
    if name in {"name", None} and parent in {
        "parameter_declaration", "variadic_parameter_declaration", "var_spec", "const_spec", "package_clause", "label_name",
        "type_parameter_declaration",
    }:  # fmt: skip
        return None
    if way.kinds[1:3] in (["expression_list", "short_var_declaration"], ["expression_list", "range_clause"]):
        return None if way.fields[1] == "left" else _use("variable")
    if parent == "literal_element" and way.fields[1] == "key":
        return _use("attribute")
    return _use("variable")


_RUST_BINDERS = {
    "macro_invocation", "macro_definition", "lifetime", "closure_parameters", "tuple_pattern", "ref_pattern",
    "tuple_struct_pattern", "captured_pattern", "mut_pattern", "reference_pattern", "or_pattern", "slice_pattern",
    "match_pattern", "parameter", "mod_item", "enum_variant", "const_item", "static_item", "label",
    "extern_crate_declaration", "token_binding_pattern",
}  # fmt: skip


def _rust(way: _Way) -> _Role:
    kind, parent, name = way.kinds[0], way.parent, way.fields[0]
    if kind not in {"identifier", "field_identifier", "type_identifier", "shorthand_field_identifier"}:
        return None
    if way.inside({"use_declaration"}, 8):
        return None if parent == "use_as_clause" and name == "alias" else _use("import")
    if parent == "token_tree":
        return _use("macroarg")
    if way.inside({"attribute", "attribute_item"}, 3):
        return None
    if parent in _TYPES and name == "name":
        return _use("definition")
    if parent in {"function_item", "function_signature_item"} and name == "name":
        return ("definition", True) if parent == "function_item" else None
    if parent == "field_expression" and name == "field":
        return _member(way)
    if parent == "call_expression" and name == "function":
        return _use("call")
    if parent in {"scoped_identifier", "scoped_type_identifier"}:
        if name == "path":
            return _use("type")
        if parent == "scoped_identifier" and name == "name":
            return _member(way)
    if kind == "type_identifier":
        binders = {"type_parameter", "type_parameters", "constrained_type_parameter", "associated_type"}
        return None if parent in binders else _use("type")
    if parent == "field_initializer" and name in {"field", "name"}:
        return _use("attribute")
    if kind != "identifier" or name in {"pattern", "name", "alias", "label"} or parent in _RUST_BINDERS:
        return None
    return _use("variable")


_C_DECLARATORS = {"qualified_identifier", "destructor_name"}


def _c(way: _Way) -> _Role:
    kind, parent, name = way.kinds[0], way.parent, way.fields[0]
    if kind == "string_literal":
        return _use("import") if parent == "preproc_include" else None
    if kind == "type_identifier":
        specifiers = {"struct_specifier", "class_specifier", "enum_specifier", "union_specifier"}
        if parent in specifiers and name == "name":
            return _use("definition" if way.nodes[1].child_by_field_name("body") else "type")
        named = {"type_definition", "alias_declaration", "type_parameter_declaration"}
        return None if name in {"declarator", "name"} and parent in named else _use("type")
    if kind == "namespace_identifier":
        return _use("type") if parent == "qualified_identifier" and name == "scope" else None
    if kind not in {"identifier", "field_identifier"}:
        return None
    if name == "declarator" or parent in {*_C_DECLARATORS, "function_declarator", "pointer_declarator",
                                          "reference_declarator", "array_declarator",
                                          "parenthesized_declarator"}:  # fmt: skip
        return _c_declared(way)
    if parent == "field_expression" and name == "field":
        return _member(way)
    if parent == "call_expression" and name == "function":
        return _use("call")
    if kind == "field_identifier":
        return _use("attribute") if parent in {"field_designator", "field_initializer"} else None
    if parent.startswith("preproc") or parent in {"enumerator", "attribute", "labeled_statement", "goto_statement",
                                                  "statement_identifier", "ERROR"}:  # fmt: skip
        return None
    return _use("variable")


def _c_declared(way: _Way) -> _Role:
    """The role of a name in a declarator, or with a qualifier."""
    level, function = 0, False
    while way.kinds[level + 1].endswith("_declarator") or way.kinds[level + 1] in _C_DECLARATORS:
        if way.kinds[level + 1] == "qualified_identifier" and way.fields[level] != "name":
            break
        level += 1
        function = function or way.kinds[level] == "function_declarator"
    if function and way.kinds[level + 1] == "function_definition" and way.fields[level] == "declarator":
        return "definition", True
    if way.parent == "qualified_identifier" and way.fields[0] == "name":
        return None if way.fields[1] == "declarator" else _member(way)
    return _use("variable") if way.parent == "array_declarator" and way.fields[0] == "size" else None


def _java(way: _Way) -> _Role:
    kind, parent, name = way.kinds[0], way.parent, way.fields[0]
    if kind == "type_identifier":
        return None if parent == "type_parameter" else _use("type")
    if kind != "identifier":
        return None
    if parent in _TYPES and name == "name":
        return _use("definition")
    if parent == "method_declaration" and name == "name":
        return "definition", True
    if parent == "method_invocation" and name == "name":
        return _use("method" if way.nodes[1].child_by_field_name("object") else "call")
    if parent == "field_access" and name == "field":
        return _use("attribute")
    declared = way.inside({"import_declaration", "package_declaration"}, 8)
    if declared is not None:
        last = way.kinds[1:3] == ["scoped_identifier", "import_declaration"] and name == "name"
        return _use("import") if last else None
    if parent in {"marker_annotation", "annotation"} and name == "name":
        return _use("type")
    if name == "name" or parent in {"inferred_parameters", "labeled_statement", "break_statement", "continue_statement",
                                    "scoped_identifier", "type_parameter"}:  # fmt: skip
        return None
    return None if parent == "lambda_expression" and name == "parameters" else _use("variable")


def _script(way: _Way) -> _Role:
    """JavaScript and TypeScript, JSX included."""
    kind, parent, name = way.kinds[0], way.parent, way.fields[0]
    if kind not in {"identifier", "property_identifier", "type_identifier", "shorthand_property_identifier"}:
        return None
    if parent in {"import_specifier", "import_clause", "namespace_import", "import_require_clause"}:
        return None if name == "alias" or parent == "namespace_import" else _use("import")
    if parent in _TYPES and name == "name":
        return _use("definition")
    if parent in _NAMED_FUNCTIONS and name == "name":
        return "definition", True
    if kind == "type_identifier":
        return None if parent == "type_parameter" else _use("type")
    if parent == "member_expression" and name == "property":
        return _member(way)
    if kind == "property_identifier":
        return None
    if parent in {"call_expression", "new_expression"} and name in {"function", "constructor"}:
        return _use("call")
    if name in {"name", "pattern", "alias", "label", "parameter"}:
        named = {"export_specifier", "jsx_opening_element", "jsx_self_closing_element", "jsx_closing_element"}
        if parent not in named or (parent in named - {"export_specifier"} and way.leaf.text[:1].islower()):
            return None
    if parent in {"formal_parameters", "array_pattern", "object_pattern", "rest_pattern", "catch_clause", "type_parameter",
                  "labeled_statement", "nested_identifier", "index_signature"}:  # fmt: skip
        return None
    if parent in {"assignment_pattern", "for_in_statement"} and name == "left":
        return None
    return _use("variable")


_CLASSIFY: dict[str, Callable[[_Way], _Role]] = {
    "python": _python, "go": _go, "rust": _rust, "c": _c, "cpp": _c, "java": _java, "js": _script, "ts": _script,
}  # fmt: skip


class _Source:
    """A parsed file, with columns in UTF-16 units."""

    def __init__(self, grammar: str, path: Path) -> None:
        source = path.read_bytes()
        self.tree: Tree = Parser(get_language(grammar)).parse(source)  # type: ignore[arg-type]
        self.lines = source.split(b"\n")

    def column(self, row: int, byte: int) -> int:
        return len(self.lines[row][:byte].decode("utf-8", "replace").encode("utf-16-le")) // 2

    def byte(self, row: int, column: int) -> int:
        text = self.lines[row].decode("utf-8", "replace").encode("utf-16-le")[: column * 2]
        return len(text.decode("utf-16-le", "replace").encode())

    def place(self, path: str, node: Node) -> Place:
        (row, start), (last, end) = node.start_point, node.end_point
        return [path, row, self.column(row, start), last, self.column(last, end)]

    def at(self, place: Place) -> Node | None:
        """The innermost node at the beginning of a place of this file."""
        if place[1] >= len(self.lines):
            return None
        point = place[1], self.byte(place[1], place[2])
        return self.tree.root_node.named_descendant_for_point_range(point, (point[0], point[1] + 1))


@lru_cache(maxsize=40)
def _parsed(grammar: str, path: Path) -> _Source:
    return _Source(grammar, path)


def spots(language: str, root: Path, relative: str) -> list[Spot]:
    """All identifiers of a file that have a role, in the order of the text; none for a file of another language."""
    grammar = GRAMMARS[language].get(PurePosixPath(relative).suffix)
    path = root / relative
    if grammar is None or path.stat().st_size > MAX_SIZE:
        return []
    source, classify, found = _Source(grammar, path), _CLASSIFY[language], []
    for way in _leaves(source.tree):
        role = classify(way) if len(way.kinds) > 1 else None
        if role is not None:
            row, byte = way.leaf.start_point
            quoted = way.kinds[0] == "string_literal"  # asked inside the quotes
            around = next((node for node in way.nodes if node.type in _FUNCTIONS), None)
            scope = (around.start_point[0], around.end_point[0]) if around is not None else None
            found.append(Spot(relative, row, source.column(row, byte) + quoted, *role, scope=scope))
    return found


def _leaves(tree: Tree) -> Iterator[_Way]:
    cursor = tree.walk()
    nodes: list[Node] = []
    fields: list[str | None] = []
    while True:
        node = cursor.node
        assert node is not None
        nodes.append(node)
        fields.append(cursor.field_name)
        if node.type != "string_literal" and cursor.goto_first_child():
            continue
        if node.is_named and node.end_byte > node.start_byte:
            yield _Way(node, [one.type for one in reversed(nodes)], fields[::-1], nodes[::-1])
        while True:
            nodes.pop()
            fields.pop()
            if cursor.goto_next_sibling():
                break
            if not cursor.goto_parent():
                return


def twins(language: str, root: Path, place: Place) -> list[Place]:
    """Where a class's constructors are named, for the place of its name, and the other way round.

    ``Name(...)`` may rightly lead to either; servers differ by taste. Looks in the place's own file only.
    """
    source = _source_of(language, root, place)
    if source is None or language in {"go", "rust", "c"}:
        return []
    node = source.at(place)
    owner = node.parent if node is not None else None
    if node is None or owner is None:
        return []
    if owner.type in _CLASSES and owner.child_by_field_name("name") == node:
        return [source.place(place[0], one) for one in _constructors(language, owner)]
    while owner is not None and owner.type not in _CLASSES:
        owner = owner.parent
    name = owner.child_by_field_name("name") if owner is not None else None
    if owner is not None and name is not None and node in _constructors(language, owner):
        return [source.place(place[0], name)]
    return []


def _constructors(language: str, owner: Node) -> list[Node]:
    body, name = owner.child_by_field_name("body"), owner.child_by_field_name("name")
    found = []
    for child in body.named_children if body is not None else []:
        one = child.child_by_field_name("definition") if child.type == "decorated_definition" else child
        if one is None or one.type in _CLASSES:
            continue
        declarator = one.child_by_field_name("declarator")
        called = one.child_by_field_name("name") or (
            declarator and declarator.child_by_field_name("declarator")
        )
        if called is None:
            continue
        same = language in {"java", "cpp"} and name is not None and called.text == name.text
        if same or called.text in (b"__init__", b"__new__", b"constructor"):
            found.append(called)
    return found


def from_package(language: str, root: Path, place: Place) -> bool:
    """Whether a place is a name that a JavaScript or TypeScript file takes from a package: an import, or a ``require``.

    An oracle that ends there did not find the package.
    """
    source = _source_of(language, root, place)
    if source is None or language not in {"js", "ts"}:
        return False
    node = source.at(place)
    while node is not None and node.type not in {
        "import_statement",
        "variable_declarator",
        "statement_block",
        "program",
    }:
        node = node.parent
    if node is None or node.type in {"statement_block", "program"}:
        return False
    if node.type == "import_statement":
        module = node.child_by_field_name("source")
    else:
        module = _required(node.child_by_field_name("value"))
    text = (module.text or b"").decode("utf-8", "replace").strip("'\"`") if module is not None else ""
    return bool(text) and not text.startswith((".", "/"))


def _required(value: Node | None) -> Node | None:
    """The module's name in ``require(name)``, in a call of it or in a member of it."""
    while value is not None and value.type in {"member_expression", "call_expression"}:
        function = value.child_by_field_name("function")
        arguments = value.child_by_field_name("arguments")
        if function is not None and function.text == b"require" and arguments is not None:
            return arguments.named_children[0] if arguments.named_children else None
        value = function or value.child_by_field_name("object")
    return None


def _source_of(language: str, root: Path, place: Place) -> _Source | None:
    grammar = GRAMMARS[language].get(PurePosixPath(place[0]).suffix)
    return _parsed(grammar, root / place[0]) if grammar is not None else None
