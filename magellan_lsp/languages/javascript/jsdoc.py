"""Types that JavaScript declares in comments: ``@type``, ``@param``, ``@returns``, ``@typedef`` and casts.

The names in them are uses like any other. What the little grammar here does not know says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import MEMBER, MODULE_PART
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role
from magellan_lsp.languages.base import Captures

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

_TAG = re.compile(rb"@(param|arg|argument|type|returns?|typedef|property|prop)\s*\{")
_NAME = re.compile(rb"\s*+\[?([A-Za-z_$][\w$]*)")
_PART = re.compile(rb"\s*+\[?\s*+(?P<owner>[A-Za-z_$][\w$]*+)(?:\[\])?\.(?P<name>[A-Za-z_$][\w$]*)")
_SPACE = re.compile(rb"\s*")
_TOKEN = re.compile(
    rb"\s*+(?:\*\s++)?(?:(?P<name>[A-Za-z_$][\w$]*)|(?P<string>\"[^\"\n]*\"|'[^'\n]*')|(?P<number>\d[\w.]*)"
    rb"|(?P<sign>=>|\.\.\.|[(){}\[\]<>|&,:;?!=*.]))"
)
_LABEL = re.compile(
    rb"\s*+(?:\*(?!/)\s*+)*+(?:(?P<name>[A-Za-z_$][\w$]*)|(?P<key>\[[^\]\n]*\])|\"[^\"\n]*\"|'[^'\n]*')\s*(?P<optional>\?)?"
)
_BUILTIN = {
    "string": "String",
    "number": "Number",
    "boolean": "Boolean",
    "bool": "Boolean",
    "symbol": "Symbol",
    "bigint": "BigInt",
    "function": "Function",
    "Function": "Function",
    "array": "Array",
}
_ANYTHING = frozenset(
    {"any", "unknown", "void", "undefined", "null", "never", "object", "Object", "true", "false", "this"}
)
_DOCUMENTED = frozenset(
    int(kind)
    for kind in (
        DefKind.FUNCTION,
        DefKind.METHOD,
        DefKind.CONSTRUCTOR,
        DefKind.PROPERTY,
        DefKind.FIELD,
        DefKind.VARIABLE,
        DefKind.CONSTANT,
        DefKind.CLASS,
    )
)
_FUNCTIONS = frozenset(
    int(kind)
    for kind in (
        DefKind.FUNCTION,
        DefKind.METHOD,
        DefKind.CONSTRUCTOR,
        DefKind.PROPERTY,
        DefKind.CLASS,
    )
)
_PARAMETER = frozenset({b"param", b"arg", b"argument"})
#: Types nest no deeper than this.
_MAX_DEPTH = 12


def doc_comments(b: Builder, matches: list[Captures]) -> None:
    """Give the definitions below comments the types that the comments declare."""
    starts: dict[int, list[int]] = {}
    for row, kind in enumerate(b.def_kind):
        if kind in _DOCUMENTED:
            starts.setdefault(b.def_start[row], []).append(row)
    comments = sorted((captures["comment"][0] for captures in matches), key=lambda node: node.start_byte)
    for comment in comments:
        _typedefs(b, comment)
    for comment in comments:
        space = _SPACE.match(b.source, comment.end_byte)
        rows = starts.get(space.end() if space is not None else comment.end_byte, ())
        position = 0  # of the next parameter that a tag speaks of
        records: dict[tuple[int, str], int] = {}
        for tag in _TAG.finditer(b.source, comment.start_byte, comment.end_byte):
            word = tag.group(1)
            if word in (b"typedef", b"property", b"prop"):
                continue
            parser = _Parser(b, tag.end(), comment.end_byte)
            found = parser.whole()
            name = _NAME.match(b.source, parser.at)
            part = _PART.match(b.source, parser.at) if word in _PARAMETER else None
            if part is not None:
                _part(b, rows, part, found, records, position - 1)
                continue
            if found > 0:
                _declare(b, rows, word, found, name.group(1).decode() if name is not None else "", position)
            position += word in _PARAMETER


def casts(b: Builder, matches: list[Captures]) -> None:
    """``/** @type {T} */ (value)``."""
    known = b.notes.setdefault("casts", {})
    for captures in matches:
        comment, value = captures["comment"][0], captures["value"][0]
        tag = _TAG.search(b.source, comment.start_byte, comment.end_byte)
        if tag is not None and tag.group(1) == b"type":
            known[value.id] = (tag.end(), comment.end_byte)


def parenthesized(b: Builder, node: Node) -> int:
    """A parenthesised value: what a cast before it says, else the value."""
    span = b.notes.get("casts", {}).get(node.id)
    if span is not None:
        found = _Parser(b, *span).whole()
        if found > 0:
            return b.expr(ExprOp.INSTANCE, found)
    inner = b.first_named(node)
    return b.expr_of(inner) if inner is not None else 0


def _part(
    b: Builder,
    rows: list[int] | tuple[()],
    part: re.Match[bytes],
    found: int,
    records: dict[tuple[int, str], int],
    position: int,
) -> None:
    """``@param {T} options.part``: the parameter before is an object that has the part."""
    owner, name = part.group("owner").decode(), part.group("name").decode()
    for row in rows:
        if b.def_kind[row] not in _FUNCTIONS or b.def_body[row] < 0:
            continue
        record = records.get((row, owner), -1)
        if record < 0:
            start = part.start("owner")
            record = b.define(
                DefKind.INTERFACE,
                "",
                start,
                start,
                start,
                part.end(),
                scope=0,
                flags=DefFlag.SYNTHETIC,
                claim=False,
            )
            b.def_body[record] = b.detached_scope(record, 0)
            records[(row, owner)] = record
            _parameter(b, row, owner, b.expr(ExprOp.DEF, record, 0), position)
        b.def_end[record] = part.end()
        field = b.define(
            DefKind.FIELD,
            name,
            *part.span("name"),
            part.start("owner"),
            part.end(),
            scope=b.def_body[record],
            owner=record,
            lexical=False,
        )
        if found > 0:
            b.def_type[field] = found
        break


def _declare(
    b: Builder, rows: list[int] | tuple[()], kind: bytes, found: int, name: str, position: int
) -> None:
    for row in rows:
        function = b.def_kind[row] in _FUNCTIONS
        if kind in _PARAMETER:
            if function:
                _parameter(b, row, name, found, position)
        elif kind in (b"return", b"returns"):
            if function and b.def_kind[row] != DefKind.CLASS and b.def_type[row] < 0:
                b.def_type[row] = found
        elif not function and b.def_type[row] < 0:
            b.def_type[row] = found
        elif function:
            _function_type(b, row, found)


def _parameters(b: Builder, function: int) -> list[int]:
    return [
        row
        for row, owner in enumerate(b.def_owner)
        if owner == function and b.def_kind[row] == DefKind.PARAMETER
    ]


def _parameter(b: Builder, function: int, name: str, found: int, position: int) -> None:
    """The parameter of a name is of a type; one that is taken apart has no name and goes by its position."""
    body = b.def_body[function]
    row = b.definition_named(body, name) if body >= 0 and name else -1
    if row < 0 or b.def_owner[row] != function:
        parameters = _parameters(b, function)
        row = next((one for one in parameters if name and b.names[b.def_name[one]] == name), -1)
        if row < 0 and 0 <= position < len(parameters) and not b.def_name[parameters[position]]:
            row = parameters[position]
    if row >= 0 and b.def_type[row] < 0 and b.def_kind[row] == DefKind.PARAMETER:
        b.def_type[row] = found


def _function_type(b: Builder, function: int, found: int) -> None:
    """``@type {Handler}`` on a function: its parameters are the handler's."""
    whole = b.expr(ExprOp.INSTANCE, found)
    for position, row in enumerate(_parameters(b, function)):
        if b.def_type[row] < 0:
            b.add_site(row, b.def_start[row], b.expr(ExprOp.PARAMETER, whole, position))


def _typedefs(b: Builder, comment: Node) -> None:
    """``@typedef {T} Name``, with ``@property {U} name`` lines where it is an object."""
    owner = -1
    for tag in _TAG.finditer(b.source, comment.start_byte, comment.end_byte):
        kind = tag.group(1)
        if kind not in (b"typedef", b"property", b"prop"):
            continue
        if kind != b"typedef" and owner < 0:
            continue
        parser = _Parser(b, tag.end(), comment.end_byte)
        found = parser.whole(skip=kind == b"typedef")
        name = _NAME.match(b.source, parser.at)
        if name is None:
            continue
        start, end = name.span(1)
        text = name.group(1).decode()
        if kind == b"typedef":
            row = b.define(
                DefKind.TYPE_ALIAS,
                text,
                start,
                end,
                comment.start_byte,
                comment.end_byte,
                scope=0,
                flags=DefFlag.EXPORTED,
            )
            owner = row
            later: Callable[[], None] = _typedef_type(b, row, tag.end(), comment.end_byte)
            later()
        else:
            if b.def_kind[owner] != DefKind.INTERFACE:
                b.def_kind[owner] = int(DefKind.INTERFACE)
                b.def_body[owner] = b.detached_scope(owner, 0)
                b.def_type[owner] = -1
            row = b.define(
                DefKind.FIELD,
                text,
                start,
                end,
                tag.start(),
                end,
                scope=b.def_body[owner],
                owner=owner,
                lexical=False,
            )
            if found > 0:
                b.def_type[row] = found


def _typedef_type(b: Builder, row: int, start: int, end: int) -> Callable[[], None]:
    def read() -> None:
        found = _Parser(b, start, end).whole()
        if found > 0:
            b.def_type[row] = found

    return read


class _Parser:
    """One type in braces. ``at`` is the byte behind what was read."""

    def __init__(self, b: Builder, start: int, end: int) -> None:
        self.b = b
        self.at = start
        self.end = end
        self.depth = 0
        self.quiet = False
        self.seen = -1  # where `next`, the sign there, and `behind`, its end, were read
        self.next: bytes | None = None
        self.behind = 0

    def whole(self, skip: bool = False) -> int:
        """The type up to its closing brace; with ``skip`` nothing is noted, only read."""
        self.quiet = skip
        start = self.at
        found = self.union()
        if self.sign(b"}"):
            return found
        # something that this grammar does not know: find the brace that ends it
        level, at = 1, start
        while at < self.end and level:
            byte = self.b.source[at : at + 1]
            level += (byte == b"{") - (byte == b"}")
            at += 1
        self.at = at
        return 0

    def sign(self, wanted: bytes) -> bool:
        """Read a sign if it is next."""
        if self.seen != self.at:
            match = _TOKEN.match(self.b.source, self.at, self.end)
            self.seen = self.at
            self.next, self.behind = (match.group("sign"), match.end()) if match is not None else (None, 0)
        if self.next == wanted:
            self.at = self.behind
            return True
        return False

    def union(self) -> int:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            return 0
        for prefix in (b"?", b"!", b"..."):
            self.sign(prefix)
        parts = [self.suffixed()]
        while self.sign(b"|") or self.sign(b"&"):
            parts.append(self.suffixed())
        self.sign(b"=")
        self.depth -= 1
        return self.b.union(*parts)

    def suffixed(self) -> int:
        found = self.primary()
        while True:
            if self.sign(b"["):
                if not self.sign(b"]"):
                    self.union()
                    self.sign(b"]")
                found = self.b.expr(ExprOp.GENERIC, self.builtin("Array"), found)
            elif self.sign(b"?") or self.sign(b"!"):
                continue
            else:
                return found

    def builtin(self, name: str) -> int:
        return self.b.expr(ExprOp.NAME, self.b.name_index(name), 0, 0)

    def primary(self) -> int:
        b = self.b
        match = _TOKEN.match(b.source, self.at, self.end)
        if match is None:
            return 0
        if match.group("string") is not None:
            self.at = match.end()
            return b.expr(ExprOp.STRING, b.name_index(match.group("string")[1:-1].decode("utf-8", "replace")))
        if match.group("number") is not None:
            self.at = match.end()
            return self.builtin("Number")
        if match.group("name") is not None:
            return self.named(match)
        if match.group("sign") == b"*":
            self.at = match.end()
        elif match.group("sign") == b"(":
            self.at = match.end()
            return self.group()
        elif match.group("sign") == b"{":
            self.at = match.end()
            return self.record(match.start("sign"))
        elif match.group("sign") == b"[":
            self.at = match.end()
            return self.tuple()
        return 0

    def named(self, match: re.Match[bytes]) -> int:
        b = self.b
        start, end = match.span("name")
        text = match.group("name").decode()
        self.at = match.end()
        if text == "typeof":
            inner = self.primary()
            return b.expr(ExprOp.TYPEOF, inner) if inner > 0 else 0
        if text == "import" and self.sign(b"("):
            return self.members(self.imported())
        if text == "function" and self.sign(b"("):
            return self.old_function()
        if text in _ANYTHING:
            self.arguments()
            return 0
        if text in _BUILTIN:
            found = self.builtin(_BUILTIN[text])
        else:
            found = b.name_expr(text, start)
            if not self.quiet:
                b.token(text, start, end, Role.TYPE, b.lookup(text, start))
        return self.members(found)

    def members(self, found: int) -> int:
        """``.name`` and ``<arguments>`` behind a name."""
        b = self.b
        while True:
            before = self.at
            if not self.sign(b"."):
                break
            match = _TOKEN.match(b.source, self.at, self.end)
            if match is None or match.group("name") is None:
                if match is None or match.group("sign") != b"<":
                    self.at = before
                break
            self.at = match.end()
            text = match.group("name").decode()
            if not self.quiet and found > 0:
                b.token(text, *match.span("name"), Role.TYPE, MEMBER, found)
            found = b.expr(ExprOp.MEMBER, found, b.name_index(text)) if found > 0 else 0
        given = self.arguments()
        return b.expr(ExprOp.GENERIC, found, *given) if given and found > 0 else found

    def arguments(self) -> list[int]:
        found: list[int] = []
        if self.sign(b"<"):
            while not self.sign(b">"):
                before = self.at
                found.append(self.union())
                self.sign(b",")
                if self.at == before:
                    break
        return found

    def imported(self) -> int:
        """``import("module")``."""
        b = self.b
        match = _TOKEN.match(b.source, self.at, self.end)
        if match is None or match.group("string") is None:
            return 0
        self.at = match.end()
        self.sign(b")")
        if self.quiet:
            return 0
        start, end = match.span("string")
        text = match.group("string")[1:-1].decode("utf-8", "replace")
        row = b.define(
            DefKind.IMPORT, "", start, start, start, end, scope=0, flags=DefFlag.SYNTHETIC, claim=False
        )
        at = b.add_import(
            module=text, definition=row, flags=ImportFlag.NAMESPACE, start=start + 1, end=end - 1
        )
        for name in (text.rstrip("/").rsplit("/", 1)[-1].split(".", 1)[0], "index"):
            b.name_index(name)
        b.token(text, start + 1, end - 1, Role.IMPORT, MODULE_PART, at)
        return b.expr(ExprOp.DEF, row, 0)

    def group(self) -> int:
        """``(A | B)`` or ``(a: A, b?: B) => R``."""
        parts: list[int] = []
        named = False
        while not self.sign(b")"):
            before = self.at
            self.sign(b"...")
            label = re.compile(rb"\s*[A-Za-z_$][\w$]*\??\s*:").match(self.b.source, self.at, self.end)
            if label is not None:
                self.at, named = label.end(), True
            parts.append(self.union())
            self.sign(b",")
            if self.at == before:
                return 0
        if self.sign(b"=>"):
            return self.b.expr(ExprOp.FUNCTION_TYPE, self.union() or -1, *parts)
        return parts[0] if len(parts) == 1 and not named else 0

    def tuple(self) -> int:
        """``[A, B]``."""
        parts: list[int] = []
        while not self.sign(b"]"):
            before = self.at
            self.sign(b"...")
            parts.append(self.union())
            self.sign(b",")
            if self.at == before:
                return 0
        return self.b.expr(ExprOp.TUPLE, *parts)

    def record(self, start: int) -> int:
        """``{ a: A, b?: B, [key: string]: C }``: a nameless definition with a field for each."""
        b = self.b
        row = -1
        if not self.quiet:
            row = b.define(
                DefKind.INTERFACE,
                "",
                start,
                start,
                start,
                start,
                scope=0,
                flags=DefFlag.SYNTHETIC,
                claim=False,
            )
            b.def_body[row] = b.detached_scope(row, 0)
        while not self.sign(b"}"):
            label = _LABEL.match(b.source, self.at, self.end)
            if label is None:
                return 0
            self.at = label.end()
            found = self.union() if self.sign(b":") else 0
            if row >= 0 and (label.group("name") or label.group("key")):
                self.field(row, label, found)
            if not self.sign(b","):
                self.sign(b";")
        if row >= 0:
            b.def_end[row] = self.at
        return b.expr(ExprOp.DEF, row, 0) if row >= 0 else 0

    def field(self, owner: int, label: re.Match[bytes], found: int) -> None:
        b = self.b
        text = label.group("name")
        start, end = label.span("name") if text is not None else (label.start("key"), label.start("key"))
        row = b.define(
            DefKind.FIELD,
            text.decode() if text is not None else "__index",
            start,
            end,
            start,
            self.at,
            scope=b.def_body[owner],
            owner=owner,
            flags=DefFlag.OPTIONAL if label.group("optional") else 0,
            claim=text is not None,
            lexical=False,
        )
        if found > 0:
            b.def_type[row] = found

    def old_function(self) -> int:
        """``function(A, B): R``."""
        parts: list[int] = []
        while not self.sign(b")"):
            before = self.at
            parts.append(self.union())
            self.sign(b",")
            if self.at == before:
                return 0
        result = self.union() if self.sign(b":") else 0
        return self.b.expr(ExprOp.FUNCTION_TYPE, result or -1, *parts)
