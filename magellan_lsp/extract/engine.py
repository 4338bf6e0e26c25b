"""Runs a language's query over a tree and hands the matches to the builder, the same way for every language.

A pattern of ``facts.scm`` says with ``(#set! on "NAME")`` what it finds. The engine's own names, in the order
in which
they run; captures in parentheses are optional:

==============  ===================================================================================================
``scope``       ``@scope``; settings: ``kind`` (function, class, block, comprehension, namespace,
type_parameters)
``branch``      ``@branch``: code that may be skipped; values assigned in it are sure only up to its end
``comment``     ``@comment``: may document what follows
``outer``       ``@outer``: looks names up in the scope around the one it lies in (default values, decorators)
``def``         ``@def`` the node, ``@name``, (``@type``), (``@body`` a captured scope), (``@doc``); settings:
``kind``,
                ``flags`` (names of DefFlag joined by ``|``), ``in`` (``outer``: bind beside the definition,
                the default;
                ``function``, ``file``, ``inner``);
                of kind ``impl``, which has no name, @name is the type it belongs to
``doc``         ``@def``, ``@doc``: the definition's documentation
``bind``        ``@name``, (``@def``), (``@value``), (``@type``): a name gets a value; settings: ``kind``,
``flags``, ``in``
HOOK            any other name: the language's own hook of that name, which gets all its matches; hooks whose
name begins
                with ``late_`` run when all definitions are known, those with ``use_`` when expressions can be
                built and before the engine's own uses, the others before
``base``        ``@def`` the class-like node, ``@base``: what it extends; settings: ``as`` (extends,
implements, mixin)
``call``        ``@callee``: the name token that is called
``write``       ``@name``: the name token that is assigned
``type``        ``@name``: the name token that is used as a type
``member``      ``@object``, ``@name``; settings: ``role`` (read, the default, or type)
``field``       ``@name``, ``@type``: a field's name in a literal or pattern of a type
``keyword``     ``@name``, ``@function``: a keyword argument
``return``      ``@return`` with (``@value``): a value of the enclosing function
``ref``         ``@ref``: a plain name in use; settings: ``role`` (read, the default, or type)
==============  ===================================================================================================
"""

from __future__ import annotations

from blake3 import blake3
from tree_sitter import Node, QueryCursor, Tree

from magellan_lsp.extract.builder import Builder
from magellan_lsp.extract.parse import is_given_up, large_children, parse_file
from magellan_lsp.facts.file_facts import FIELD_OF, KEYWORD, FileFacts, Problem
from magellan_lsp.facts.kinds import DefFlag, DefKind, Role, ScopeKind
from magellan_lsp.languages.base import Captures, Language

#: All matches of the patterns of one handler: (settings, matches) per pattern.
Groups = list[tuple[dict[str, str], list[Captures]]]

_EARLY = ("scope", "branch", "comment", "outer", "def", "doc", "bind")
_LATE = ("base", "call", "write", "type", "member", "field", "keyword", "return", "ref")
_SCOPES = {kind.name.lower(): kind for kind in ScopeKind}
_ROLES = {"read": Role.READ, "type": Role.TYPE}
_BASES = {"": 0, "extends": 0, "implements": 1, "mixin": 2}
#: A file says at most so many things about its own errors.
MAX_PROBLEMS = 20
#: What is said of a text (or a part of one) whose parsing was given up.
GIVEN_UP = "left out: parsing it takes too long"
#: Nodes further in are not looked at, and so many matches may be open at once. Matching takes time that grows
#: with the square of the depth: 8,000 calls in one another would take a minute and a half. In the sources of
#: the sixteen projects that we measure, the deepest node is 151 levels in, and no file has 100 open matches.
MAX_NESTING = 500
MAX_OPEN_MATCHES = 512


def digest_of(source: bytes) -> bytes:
    """16 bytes that stand for the content."""
    return blake3(source).digest(16)


def extract(path: str, language: Language, source: bytes, tree: Tree | None = None) -> FileFacts:
    """The facts of one file.

    Args:
        path: relative to the workspace root, with ``/``; part of the symbols' identity.
        source: the file's bytes as they are (BOM and broken UTF-8 included).
        tree: a tree of exactly these bytes, when the caller has one.
    """
    note = None
    if tree is not None and language.read is None:
        is_whole = not is_given_up(language, source, tree)
    else:
        tree, note, is_whole = parse_file(language, source)
    root = tree.root_node
    b = Builder(path, language, source, root)
    b.notes["read"] = note
    patterns = language.pattern_hooks
    found: list[list[Captures]] = [[] for _ in patterns]
    for top in (root, *(language.further_roots(note) if language.further_roots is not None else ())):
        cursor = QueryCursor(language.query, match_limit=MAX_OPEN_MATCHES)
        cursor.set_max_start_depth(MAX_NESTING)
        for pattern, captures in cursor.matches(top):
            found[pattern].append(captures)
    by_name: dict[str, Groups] = {}
    for (name, settings), matches in zip(patterns, found, strict=True):
        if matches:
            by_name.setdefault(name, []).append((dict(settings), matches))

    if language.begin is not None:
        language.begin(b)
    _scopes(b, by_name)
    _file_symbol(b)
    _definitions(b, by_name)
    _docs(b, by_name.get("doc", []))
    hooks = language.hooks
    for name, groups in by_name.items():
        if name in hooks and not name.startswith(("late_", "use_")):
            for _, matches in groups:
                hooks[name](b, matches)
    for name, groups in by_name.items():
        if name in hooks and name.startswith("late_"):
            for _, matches in groups:
                hooks[name](b, matches)
    _returns(b, by_name.get("return", []))
    b.prepare()
    for name, groups in by_name.items():
        if name in hooks and name.startswith("use_"):
            for _, matches in groups:
                hooks[name](b, matches)
    _uses(b, by_name)
    if root.has_error:
        _problems(b, root)
    if not is_whole:
        b.problems.append(Problem(0, 0, GIVEN_UP))
    if _is_too_deep(root):
        b.problems.append(
            Problem(0, 0, f"nested more than {MAX_NESTING} levels deep; what is further in is left out")
        )
    return b.finish(digest_of(source))


def _is_too_deep(root: Node) -> bool:
    """Whether nodes lie deeper than ``MAX_NESTING``. Only nodes with enough others in them are gone into."""
    level = [root]
    for depth in range(MAX_NESTING + 1):
        level = [child for node in level for child in large_children(node, MAX_NESTING - depth + 1)]
        if not level:
            return False
    return True


def _file_symbol(b: Builder) -> None:
    """Every file is a symbol of its own (row 0): the target of imports, the caller of top-level calls."""
    name = b.path.rsplit("/", 1)[-1].split(".", 1)[0]
    b.define(
        DefKind.MODULE,
        name or b.path,
        0,
        0,
        0,
        len(b.source),
        scope=-1,
        body=0,
        flags=DefFlag.SYNTHETIC,
        owner=-1,
        claim=False,
    )


def _scopes(b: Builder, by_name: dict[str, Groups]) -> None:
    for settings, matches in by_name.get("scope", ()):
        kind = _SCOPES[settings["kind"]]
        for captures in matches:
            node = captures["scope"][0]
            start = captures["from"][0].start_byte if "from" in captures else node.start_byte
            b.add_scope(start, node.end_byte, kind, node.id)
    for _, matches in by_name.get("branch", ()):
        for captures in matches:
            node = captures["branch"][0]
            b.add_branch(node.start_byte, node.end_byte)
    for _, matches in by_name.get("outer", ()):
        for captures in matches:
            for node in captures["outer"]:
                b.outer.append((node.start_byte, node.end_byte))
    for _, matches in by_name.get("comment", ()):
        for captures in matches:
            for node in captures["comment"]:
                b.comments.append((node.start_byte, node.end_byte))
    b.close_scopes()
    b.close_branches()


def _flags(settings: dict[str, str]) -> int:
    value = 0
    for word in filter(None, settings.get("flags", "").split("|")):
        value |= DefFlag[word.strip().upper()]
    return value


def _definitions(b: Builder, by_name: dict[str, Groups]) -> None:
    """All ``def`` and ``bind`` matches in source order, so that owners exist before what they own."""
    language = b.language
    rows: list[tuple[int, int, int, Captures, DefKind, int, str]] = []
    for order, handler in enumerate(("def", "bind")):
        for settings, matches in by_name.get(handler, ()):
            kind = DefKind[settings.get("kind", "variable").upper()]
            flags = _flags(settings)
            place = settings.get("in", "")
            for captures in matches:
                node = (captures.get("def") or captures["name"])[0]
                rows.append((node.start_byte, -node.end_byte, order, captures, kind, flags, place))
    rows.sort(key=lambda row: row[:3])
    sequential = language.sequential_kinds
    for _, _, order, captures, kind, flags, place in rows:
        for name in captures["name"]:
            node = (captures.get("def") or captures["name"])[0]
            if place == "inner":
                scope = b.scope_of(node)
            elif place == "file":
                scope = 0
            else:
                scope = b.scope_at(name.start_byte if order else node.start_byte)
                if not order and scope == b.scope_of(node):
                    scope = b.scope_parent[scope]
                if place == "function" or (order and not language.block_scoped and kind == DefKind.VARIABLE):
                    scope = b.enclosing(
                        scope, ScopeKind.FUNCTION, ScopeKind.CLASS, ScopeKind.FILE, ScopeKind.NAMESPACE
                    )
            visible = 0
            more = flags
            if kind in sequential and b.scope_kind[scope] in (ScopeKind.BLOCK, ScopeKind.FUNCTION):
                more |= DefFlag.REACHES
                visible = node.end_byte
            types = captures.get("type")
            if order:
                values = captures.get("value")
                b.bind(
                    name,
                    kind=kind,
                    scope=scope,
                    node=node,
                    value=values[0] if values else None,
                    type_node=types[0] if types else None,
                    flags=more,
                    visible=visible,
                )
                continue
            body = -1
            bodies = captures.get("body")
            if bodies:
                body = b.scope_of(bodies[0])
                signature_end = bodies[0].start_byte
            else:
                signature_end = node.end_byte
            if body < 0:
                body = b.scope_of(node)
            nameless = kind == DefKind.IMPL
            row = b.define(
                DefKind.METHOD
                if kind == DefKind.FUNCTION and b.scope_kind[scope] == ScopeKind.CLASS
                else kind,
                "" if nameless else b.text(name),
                name.start_byte,
                name.end_byte,
                node.start_byte,
                node.end_byte,
                claim=not nameless,
                scope=scope,
                body=body,
                flags=more,
                type_node=types[0] if types else None,
                visible=visible,
                signature_end=signature_end,
            )
            docs = captures.get("doc")
            if docs:
                b.def_doc_start[row], b.def_doc_end[row] = docs[0].start_byte, docs[0].end_byte
            values = captures.get("value")
            if values:
                b.add_site(row, name.start_byte, values[0], types[0] if types else None)
            b.def_of_node[node.id] = row


def _docs(b: Builder, groups: Groups) -> None:
    for _, matches in groups:
        for captures in matches:
            node, doc = captures["def"][0], captures["doc"][0]
            row = 0 if node.parent is None else b.def_of_node.get(node.id, -1)
            if row >= 0:
                b.def_doc_start[row], b.def_doc_end[row] = doc.start_byte, doc.end_byte


def _returns(b: Builder, groups: Groups) -> None:
    for _, matches in groups:
        for captures in matches:
            node = captures["return"][0]
            values = captures.get("value")
            if not values:
                continue
            scope = b.enclosing(b.scope_at(node.start_byte), ScopeKind.FUNCTION)
            owner = b.scope_def[scope]
            if owner > 0:
                b.add_site(owner, node.start_byte, values[0])


def _uses(b: Builder, by_name: dict[str, Groups]) -> None:
    for settings, matches in by_name.get("base", ()):
        kind = _BASES[settings.get("as", "")]
        for captures in matches:
            row = b.def_of_node.get(captures["def"][0].id, -1)
            if row >= 0:
                for node in captures["base"]:
                    b.add_base(row, b.expr_of(node), kind)
    for name, starts in (("call", b.calls), ("write", b.writes), ("type", b.types)):
        key = "callee" if name == "call" else "name"
        for _, matches in by_name.get(name, ()):
            starts.update([node.start_byte for captures in matches for node in captures[key]])
    for settings, matches in by_name.get("member", ()):
        role = int(_ROLES[settings.get("role", "read")])
        for captures in matches:
            b.member(captures["name"][0], captures["object"][0], role)
    for _, matches in by_name.get("field", ()):
        for captures in matches:
            b.occurrence(
                captures["name"][0],
                Role.WRITE if captures["name"][0].start_byte in b.writes else Role.READ,
                FIELD_OF,
                b.expr_of(captures["type"][0]),
            )
    for _, matches in by_name.get("keyword", ()):
        for captures in matches:
            b.occurrence(captures["name"][0], Role.READ, KEYWORD, b.expr_of(captures["function"][0]))
    for settings, matches in by_name.get("ref", ()):
        role = int(_ROLES[settings.get("role", "read")])
        b.references([captures["ref"][0] for captures in matches], role)


def _problems(b: Builder, root: Node) -> None:
    """Syntax errors, the first few."""
    stack = [root]
    while stack and len(b.problems) < MAX_PROBLEMS:
        node = stack.pop()
        if node.is_missing:
            b.problems.append(Problem(node.start_byte, node.end_byte, f"missing {node.type}"))
        elif node.is_error:
            b.problems.append(Problem(node.start_byte, node.end_byte, "syntax error"))
        elif node.has_error:
            stack.extend(reversed(node.children))


def known_handlers() -> frozenset[str]:
    """The names that ``(#set! on …)`` may give without a hook of the language."""
    return frozenset(_EARLY + _LATE)
