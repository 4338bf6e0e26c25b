"""The facts of one file: the record that extraction makes, the store keeps and linking reads.

Everything in it follows from the file's path, language and bytes alone. Tables are kept column by column as
signed
32-bit integers (``Column``), so that a record decodes without touching its rows. All offsets are byte offsets
into
the file, spans are half-open, ``-1`` means "none". Rows appear in source order of their start unless said
otherwise.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

from magellan_lsp.facts.kinds import DefFlag, DefKind, Role, ScopeKind

#: Part of every key under which facts are kept: raise it when extraction or this layout changes.
FACTS_VERSION = 2

#: A column of a table: ``memoryview`` of format "i" after decoding, ``array("i")`` after extraction.
Column = Sequence[int]

#: ``(op, *args)``, see :class:`~magellan_lsp.facts.kinds.ExprOp`.
Expr = tuple[int, ...]


class Problem(NamedTuple):
    """Something wrong in the user's source or file, not in our world."""

    start: int
    end: int
    message: str


_SCOPE_COLUMNS = ("scope_kind", "scope_parent", "scope_start", "scope_end", "scope_def")
_DEF_COLUMNS = (
    "def_name",
    "def_kind",
    "def_flags",
    "def_name_start",
    "def_name_end",
    "def_start",
    "def_end",
    "def_scope",
    "def_body",
    "def_owner",
    "def_type",
    "def_visible",
    "def_signature_end",
    "def_doc_start",
    "def_doc_end",
    "def_symbol",
)
_SITE_COLUMNS = ("site_def", "site_start", "site_until", "site_value", "site_type")
_OCCURRENCE_COLUMNS = ("occ_start", "occ_end", "occ_name", "occ_role", "occ_scope", "occ_target", "occ_expr")
_IMPORT_COLUMNS = (
    "import_def",
    "import_module",
    "import_name",
    "import_flags",
    "import_start",
    "import_end",
    "import_scope",
    "import_level",
)
_BASE_COLUMNS = ("base_def", "base_expr", "base_kind")
_EXTENSION_COLUMNS = ("extension_name", "extension_expr", "extension_def", "extension_trait")
_ALIAS_COLUMNS = ("expr_start", "expr_data")

COLUMNS: tuple[str, ...] = (
    *_SCOPE_COLUMNS,
    *_DEF_COLUMNS,
    *_SITE_COLUMNS,
    *_OCCURRENCE_COLUMNS,
    *_IMPORT_COLUMNS,
    *_BASE_COLUMNS,
    *_EXTENSION_COLUMNS,
    *_ALIAS_COLUMNS,
)

# What `occ_target` says when it is not a definition of the file:
OPEN = -1  # a plain name that no scope of the file binds: imports, package, built-ins decide
MEMBER = -2  # a member of what `occ_expr` evaluates to
IMPORTED = -3  # part of an import: `occ_expr` is the row of the import table
KEYWORD = -4  # a keyword argument: a parameter of the function `occ_expr` evaluates to
FIELD_OF = -5  # a field name inside a literal or pattern of the type that `occ_expr` denotes
MODULE_PART = -6  # a component of a module path in an import: `occ_expr` is the import's row; see occ_name
# Words that mean what definition `occ_expr` stands for without being a use of it (`module.exports`).
SAID = -8
# No name at all, but a call of what expression `occ_expr` evaluates to (`table[key]()`, a decorator); of an ELEMENT
# expression: an iteration, which calls what makes the value iterable. The span is empty, the role CALL.
COMPUTED = -9
CALLED = -7  # what the CALL or NEW expression `occ_expr` calls: one of several overloads, by its arguments


class FileFacts:
    """What extraction found in one file.

    Attributes (header):
        path: relative to the workspace root, with ``/``.
        language: name in the registry.
        digest: 16-byte BLAKE3 of the file's bytes.
        size: of the file, in bytes.
        names: every identifier or string the tables refer to, each once; index 0 is ``""``.
        symbol_ids: one 32-hex SymbolId per symbol.
        qualified: one qualified name per symbol, owners joined by ``.`` (``Flask.run``), the same in every
        language.
        module: the module's display prefix (``flask.app``, ``crate::store``), "" where the language has none.
        groups: keys of the groups of files that it belongs to and that share a namespace with it
            (``go:dir``, ``java:com.example.shop``, ``cpp:ns``).
        problems: syntax errors and the like, at most a few.

    Tables (columns share a prefix and a length):
        scope_*: row 0 is the file. ``scope_def`` is the definition whose body it is, or -1.
        def_*: definitions, whether symbols (``def_symbol`` is the row in ``symbol_ids``) or local to a
        function
            (``def_symbol`` -1). Row 0 is the file itself, kind MODULE, SYNTHETIC: the target of imports and
            the caller of
            top-level calls; its qualified name is "". ``def_scope`` is the scope that binds the name,
            ``def_body`` the scope it opens,
            ``def_owner`` the enclosing definition (class, function, namespace; 0, the file's own module
            symbol, at top level; -1 for row 0 itself), ``def_type`` the
            declared type (an expression; of a function: its return type), ``def_visible`` the offset from
            which
            look-up sees it. ``def_name_start..def_name_end`` is the name token, ``def_start..def_end`` the
            whole node,
            ``def_start..def_signature_end`` what hover shows, ``def_doc_start..def_doc_end`` its comment or
            docstring.
        site_*: places that give a value to a definition, by definition then start: ``site_value`` and
        ``site_type``
            are expressions; a value holds for uses from ``site_start`` on, surely up to ``site_until``. For a
            function
            the sites are its returned expressions.
        occ_*: every identifier token that means something, by start. ``occ_target`` is a definition of this
        file or
            one of OPEN, MEMBER, IMPORTED, KEYWORD, FIELD_OF, MODULE_PART, CALLED, SAID, COMPUTED. Definitions' own names
            are included
            (role DEFINITION or DECLARATION).
        import_*: ``import_module`` and ``import_name`` are name indices (-1 where there is none),
        ``import_level``
            the number of leading dots (Python) or 0, ``import_def`` the local name it binds (-1 for star and
            side-effect imports), ``import_start..import_end`` the module path token.
        base_*: base classes, interfaces, traits of a class-like definition; ``base_kind`` 0 extends, 1
        implements,
            2 mixes in or bounds, 3 is the metaclass, from 4 on decorates (a function).
        extension_*: members declared away from their type (Rust impl, Go receiver, C++ ``A::f``, JS
        prototype):
            ``extension_expr`` denotes the type, ``extension_name`` its simple name, ``extension_def`` is a
            member or an
            IMPL definition whose scope holds members, ``extension_trait`` the trait expression or -1.
        expr_*: ``expr_data[expr_start[i]:expr_start[i + 1]]`` is expression i.
    """

    __slots__ = (
        *COLUMNS,
        "_bases",
        "_by_scope",
        "_children",
        "_extensions",
        "_imports",
        "_name_index",
        "_sites",
        "digest",
        "groups",
        "language",
        "module",
        "names",
        "path",
        "problems",
        "qualified",
        "size",
        "symbol_ids",
    )

    path: str
    language: str
    digest: bytes
    size: int
    names: Sequence[str]
    symbol_ids: Sequence[str]
    qualified: Sequence[str]
    module: str
    groups: Sequence[str]
    problems: Sequence[Problem]

    scope_kind: Column
    scope_parent: Column
    scope_start: Column
    scope_end: Column
    scope_def: Column
    def_name: Column
    def_kind: Column
    def_flags: Column
    def_name_start: Column
    def_name_end: Column
    def_start: Column
    def_end: Column
    def_scope: Column
    def_body: Column
    def_owner: Column
    def_type: Column
    def_visible: Column
    def_signature_end: Column
    def_doc_start: Column
    def_doc_end: Column
    def_symbol: Column
    site_def: Column
    site_start: Column
    site_until: Column
    site_value: Column
    site_type: Column
    occ_start: Column
    occ_end: Column
    occ_name: Column
    occ_role: Column
    occ_scope: Column
    occ_target: Column
    occ_expr: Column
    import_def: Column
    import_module: Column
    import_name: Column
    import_flags: Column
    import_start: Column
    import_end: Column
    import_scope: Column
    import_level: Column
    base_def: Column
    base_expr: Column
    base_kind: Column
    extension_name: Column
    extension_expr: Column
    extension_def: Column
    extension_trait: Column
    expr_start: Column
    expr_data: Column

    def __init__(self, header: dict[str, Any], columns: dict[str, Column]) -> None:
        self._bases: dict[int, list[int]] | None = None
        self._by_scope: dict[int, dict[str, list[int]]] | None = None
        self._extensions: dict[int, list[int]] | None = None
        self._imports: dict[int, list[int]] | None = None
        self._children: dict[int, list[int]] | None = None
        self._name_index: dict[str, int] | None = None
        self._sites: dict[int, tuple[int, int]] | None = None
        for key, value in header.items():
            setattr(self, key, value)
        for key in COLUMNS:
            setattr(self, key, columns[key])

    # -- expressions

    def expr(self, index: int) -> Expr:
        """The expression as ``(op, *args)``."""
        start = self.expr_start[index]
        return tuple(self.expr_data[start : self.expr_start[index + 1]])

    # -- names and scopes

    def name_index(self, name: str) -> int:
        """The name's index in ``names``, or -1."""
        index = self._name_index
        if index is None:
            index = self._name_index = {text: i for i, text in enumerate(self.names)}
        return index.get(name, -1)

    def members(self, scope: int) -> dict[str, list[int]]:
        """Definitions bound by a scope, by name, each list in source order. Do not change it."""
        table = self._by_scope
        if table is None:
            table = {}
            names = self.names
            for definition, (owner, name) in enumerate(zip(self.def_scope, self.def_name, strict=True)):
                if name > 0 and owner >= 0:
                    table.setdefault(owner, {}).setdefault(names[name], []).append(definition)
            self._by_scope = table
        return table.get(scope) or {}

    def children(self, definition: int) -> list[int]:
        """Definitions whose owner is ``definition`` (0: the file's own), in source order."""
        children = self._children
        if children is None:
            children = {}
            for child, owner in enumerate(self.def_owner):
                children.setdefault(owner, []).append(child)
            self._children = children
        return children.get(definition) or []

    def sites(self, definition: int) -> range:
        """Rows of the site table that give the definition its values."""
        spans = self._sites
        if spans is None:
            spans = {}
            first = 0
            column = self.site_def
            for row in range(1, len(column) + 1):
                if row == len(column) or column[row] != column[first]:
                    spans[column[first]] = (first, row)
                    first = row
            self._sites = spans
        span = spans.get(definition)
        return range(*span) if span else range(0)

    def imports_of(self, definition: int) -> Sequence[int]:
        """Rows of the import table that bind a definition of kind IMPORT."""
        rows = self._imports
        if rows is None:
            rows = self._imports = _rows_by(self.import_def)
        return rows.get(definition, ())

    def bases_of(self, definition: int) -> Sequence[int]:
        """Rows of the base table that speak of a definition, of whatever ``base_kind``."""
        rows = self._bases
        if rows is None:
            rows = self._bases = _rows_by(self.base_def)
        return rows.get(definition, ())

    def extensions_named(self, name: str) -> Sequence[int]:
        """Rows of the extension table whose type has this simple name."""
        rows = self._extensions
        if rows is None:
            rows = self._extensions = _rows_by(self.extension_name)
        return rows.get(self.name_index(name), ())

    def language_family(self) -> str:
        """Languages whose files see each other's definitions share a family."""
        return _FAMILIES.get(self.language, self.language)

    def name(self, definition: int) -> str:
        """The definition's simple name; "" for one without."""
        return self.names[self.def_name[definition]]

    def kind(self, definition: int) -> DefKind:
        return DefKind(self.def_kind[definition])

    def flags(self, definition: int) -> DefFlag:
        return DefFlag(self.def_flags[definition])

    def symbol_id(self, definition: int) -> str | None:
        """The definition's SymbolId, None for one local to a function."""
        row = self.def_symbol[definition]
        return self.symbol_ids[row] if row >= 0 else None

    def canonical_fqn(self, definition: int) -> str | None:
        """Identity as text: ``path::qualified``; None for a local."""
        row = self.def_symbol[definition]
        if row < 0:
            return None
        return f"{self.path}::{self.qualified[row]}" if definition else self.path

    def occurrence_at(self, offset: int) -> int:
        """The occurrence whose token holds or ends at a byte offset, or -1. The one that starts there wins."""
        starts = self.occ_start
        row = bisect_right(starts, offset) - 1
        while row > 0 and starts[row - 1] == starts[row]:
            row -= 1
        if row >= 0 and self.occ_end[row] >= offset:
            return row
        return -1

    def scope_owner(self, scope: int) -> int:
        """The innermost definition in whose body a scope lies, or -1."""
        while scope >= 0:
            definition = self.scope_def[scope]
            if definition >= 0:
                return definition
            scope = self.scope_parent[scope]
        return -1

    def enclosing_symbol(self, scope: int) -> int:
        """The innermost symbol (not local) in whose body a scope lies, or -1."""
        while scope >= 0:
            definition = self.scope_def[scope]
            if definition >= 0 and self.def_symbol[definition] >= 0:
                return definition
            scope = self.scope_parent[scope]
        return -1

    def enclosing_scope(self, scope: int, kind: ScopeKind) -> int:
        """The nearest scope of a kind, itself included, or -1."""
        while scope >= 0 and self.scope_kind[scope] != kind:
            scope = self.scope_parent[scope]
        return scope

    def is_definition(self, occurrence: int) -> bool:
        return self.occ_role[occurrence] <= Role.DECLARATION

    def symbols(self) -> list[int]:
        """Definitions that are symbols, in order of ``symbol_ids``."""
        rows = [(row, definition) for definition, row in enumerate(self.def_symbol) if row >= 0]
        rows.sort()
        return [definition for _, definition in rows]


_FAMILIES = {"tsx": "javascript", "typescript": "javascript", "cpp": "c"}


def _rows_by(column: Column) -> dict[int, list[int]]:
    """The rows of a column by the value that they hold."""
    rows: dict[int, list[int]] = {}
    for row, value in enumerate(column):
        rows.setdefault(value, []).append(row)
    return rows


def column(values: Sequence[int] = ()) -> array[int]:
    """A new column of signed 32-bit integers."""
    return array("i", values)
