"""Names in Java's documentation comments: ``{@link Type#member(Params)}``, ``@see``, ``@throws``, ``@param``.

They are uses like any other: they follow a rename and are found as references.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import CALLED, MEMBER
from magellan_lsp.facts.kinds import DefKind, ExprOp, Role

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

_TAG = re.compile(
    rb"(?:\{@(?:link|linkplain|value)\s+|@(?:see|throws|exception)\s+)"
    rb"(?P<type>[A-Za-z_$][\w$.]*)?(?:#(?P<member>[A-Za-z_$][\w$]*)(?P<parameters>\([^(){}]*\))?)?"
)
_PARAMETER = re.compile(rb"([A-Za-z_$][\w$.]*)((?:\[\])*)(\.\.\.)?")
_MARKS = (b"{@", b"@see", b"@throws", b"@exception")
#: Name spaces, as in the package.
_TYPES = 1


def note_links(b: Builder, start: int, end: int, documented: dict[int, int]) -> None:
    """Claim the names in one comment. ``documented``: class definitions by the offset where their node begins."""
    text = b.source[start:end]
    if not any(mark in text for mark in _MARKS):
        return
    owner = _class_of(b, end, documented)
    for match in _TAG.finditer(text):
        place = start + match.start("type") if match["type"] else -1
        type_expr = _type(b, match["type"], place, owner) if match["type"] else -1
        if match["member"]:
            receiver = type_expr if match["type"] else b.expr(ExprOp.SELF, owner) if owner > 0 else 0
            if receiver > 0:
                _member(b, match, start, receiver, bool(match["type"]), owner)


def _class_of(b: Builder, end: int, documented: dict[int, int]) -> int:
    """The class that a comment speaks about or lies in."""
    at = end
    while at < len(b.source) and b.source[at : at + 1].isspace():
        at += 1
    row = documented.get(at, -1)
    if row < 0:
        scope = b.scope_at(end)
        while scope > 0 and (b.scope_def[scope] < 0 or b.def_kind[b.scope_def[scope]] not in _CLASSES):
            scope = b.scope_parent[scope]
        row = b.scope_def[scope] if scope > 0 else -1
    return row


def _scope(b: Builder, owner: int, offset: int) -> int:
    return b.def_body[owner] if owner > 0 and b.def_body[owner] >= 0 else b.scope_at(offset)


def _type(b: Builder, name: bytes, start: int, owner: int) -> int:
    """The expression of a dotted type name; its parts are claimed when they may be types."""
    made = -1
    at = start
    for part in name.split(b"."):
        text = part.decode("utf-8", "replace")
        if not text:
            break
        end = at + len(part)
        scope = _scope(b, owner, at)
        if made < 0:
            found = b.lookup(text, at, scope, _TYPES)
            if found >= 0:
                made = b.expr(ExprOp.DEF, found, 0)
            else:
                made = b.expr(ExprOp.NAME, b.name_index(text), scope, _TYPES)
            if text[:1].isupper():
                b.token(text, at, end, Role.TYPE, found)
        else:
            if text[:1].isupper():
                b.token(text, at, end, Role.TYPE, MEMBER, made)
            made = b.expr(ExprOp.MEMBER, made, b.name_index(text))
        at = end + 1
    return made


def _member(b: Builder, match: re.Match[bytes], start: int, receiver: int, is_type: bool, owner: int) -> None:
    name = match["member"].decode("utf-8", "replace")
    at = start + match.start("member")
    if is_type:
        receiver = b.expr(ExprOp.INSTANCE, receiver)
    if match["parameters"] is None:
        b.token(name, at, at + len(match["member"]), Role.READ, MEMBER, receiver)
        return
    given: list[int] = []
    first = start + match.start("parameters")
    for part in match["parameters"][1:-1].split(b","):
        parameter = _PARAMETER.search(part)
        if parameter is not None:
            place = first + 1 + parameter.start(1)
            made = _type(b, parameter[1], place, owner)
            for _ in range(parameter[2].count(b"[") + (1 if parameter[3] else 0)):
                made = b.expr(ExprOp.ARRAY, made)
            given.append(b.expr(ExprOp.INSTANCE, made) if made > 0 else 0)
        first += len(part) + 1
    callee = b.expr(ExprOp.MEMBER, receiver, b.name_index(name))
    call = b.expr(ExprOp.CALL, callee, *given)
    b.token(name, at, at + len(match["member"]), Role.READ, CALLED, call)


_CLASSES = frozenset({int(DefKind.CLASS), int(DefKind.INTERFACE), int(DefKind.ENUM)})
