"""From our answers to LSP's: plain JSON data, made in the thread that answered.

Plain dicts rather than lsprotocol's classes, because thousands of places are sent at once and turning
objects into dicts again costs more than finding them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from magellan_lsp.facts.kinds import DefFlag, DefKind, Role
from magellan_lsp.query.answers import Found, Occurrence, SymbolInfo
from magellan_lsp.query.hover import Hover
from magellan_lsp.query.structure import Fold, FoldKind
from magellan_lsp.query.symbols import Outline
from magellan_lsp.text import Span

if TYPE_CHECKING:
    from magellan_lsp.protocol.client import Client
    from magellan_lsp.session.views import View

Json = Any

_FILE, _MODULE, _NAMESPACE, _CLASS, _METHOD, _PROPERTY, _FIELD, _CONSTRUCTOR = 1, 2, 3, 5, 6, 7, 8, 9
_ENUM, _INTERFACE, _FUNCTION, _VARIABLE, _CONSTANT, _OBJECT, _KEY = 10, 11, 12, 13, 14, 19, 20
_ENUM_MEMBER, _STRUCT, _TYPE_PARAMETER = 22, 23, 26

#: LSP's SymbolKind.
_KINDS = {
    DefKind.MODULE: _MODULE,
    DefKind.NAMESPACE: _NAMESPACE,
    DefKind.CLASS: _CLASS,
    DefKind.STRUCT: _STRUCT,
    DefKind.INTERFACE: _INTERFACE,
    DefKind.TRAIT: _INTERFACE,
    DefKind.ENUM: _ENUM,
    DefKind.UNION: _STRUCT,
    DefKind.TYPE_ALIAS: _CLASS,
    DefKind.FUNCTION: _FUNCTION,
    DefKind.METHOD: _METHOD,
    DefKind.CONSTRUCTOR: _CONSTRUCTOR,
    DefKind.PROPERTY: _PROPERTY,
    DefKind.FIELD: _FIELD,
    DefKind.ENUM_MEMBER: _ENUM_MEMBER,
    DefKind.VARIABLE: _VARIABLE,
    DefKind.CONSTANT: _CONSTANT,
    DefKind.PARAMETER: _VARIABLE,
    DefKind.TYPE_PARAMETER: _TYPE_PARAMETER,
    DefKind.IMPORT: _VARIABLE,
    DefKind.MACRO: _FUNCTION,
    DefKind.LABEL: _KEY,
    DefKind.IMPL: _OBJECT,
    DefKind.LIFETIME: _TYPE_PARAMETER,
}
#: What a client that does not know a kind is told instead.
_OLDER_KINDS = {
    _STRUCT: _CLASS,
    _ENUM_MEMBER: _ENUM,
    _TYPE_PARAMETER: _CLASS,
    _OBJECT: _CLASS,
    _KEY: _CONSTANT,
}
_DEPRECATED_TAG = 1
_READ, _WRITE = 2, 3

#: Kinds as people say them.
WORDS = {
    DefKind.TYPE_ALIAS: "type alias",
    DefKind.ENUM_MEMBER: "enum member",
    DefKind.TYPE_PARAMETER: "type parameter",
}


def word(kind: DefKind) -> str:
    """A kind as people say it."""
    return WORDS.get(kind, kind.name.lower())


def symbol_kind(info: SymbolInfo, client: Client) -> int:
    """LSP's SymbolKind, one that the client knows."""
    kind = _FILE if info.ref[1] == 0 else _KINDS[info.kind]
    return kind if kind in client.symbol_kinds else _OLDER_KINDS.get(kind, _VARIABLE)


# places


def location(view: View, path: str, span: Span) -> Json:
    """A ``Location``."""
    return {"uri": view.uri(path), "range": view.range(path, span)}


def locations(view: View, occurrences: Iterable[Occurrence]) -> list[Json]:
    """A ``Location`` per occurrence."""
    return [location(view, one.path, one.span) for one in occurrences]


def found(view: View, path: str, answer: Found, *, links: bool) -> Json:
    """``Location[]``, or ``LocationLink[]`` for a client that takes them; null when nothing was found."""
    if not answer.places:
        return None
    if not links:
        return [location(view, place.path, place.name) for place in answer.places]
    made = []
    for place in answer.places:
        link = {
            "targetUri": view.uri(place.path),
            "targetRange": view.range(place.path, place.full),
            "targetSelectionRange": view.range(place.path, place.name),
        }
        if answer.origin is not None:
            link["originSelectionRange"] = view.range(path, answer.origin)
        made.append(link)
    return made


def highlights(view: View, occurrences: Iterable[Occurrence]) -> list[Json]:
    """``DocumentHighlight[]``; a definition counts as written."""
    return [
        {
            "range": view.range(one.path, one.span),
            "kind": _WRITE if one.role <= Role.DECLARATION or one.role == Role.WRITE else _READ,
        }
        for one in occurrences
    ]


# symbols


def document_symbols(view: View, path: str, outlines: Iterable[Outline], client: Client) -> list[Json]:
    """``DocumentSymbol[]`` as a tree."""
    made = []
    for outline in outlines:
        info = outline.symbol
        one = {
            "name": _outline_name(outline),
            "kind": symbol_kind(info, client),
            "range": view.range(path, info.place.full),
            "selectionRange": view.range(path, info.place.name),
        }
        if outline.detail:
            one["detail"] = outline.detail
        if outline.children:
            one["children"] = document_symbols(view, path, outline.children, client)
        made.append(_tagged(one, info, client))
    return made


def flat_symbols(
    view: View, path: str, outlines: Iterable[Outline], client: Client, container: str = ""
) -> list[Json]:
    """``SymbolInformation[]`` in source order."""
    made = []
    for outline in outlines:
        info = outline.symbol
        one = {
            "name": _outline_name(outline),
            "kind": symbol_kind(info, client),
            "location": location(view, path, info.place.full),
        }
        if container:
            one["containerName"] = container
        made.append(_tagged(one, info, client))
        made += flat_symbols(view, path, outline.children, client, info.name)
    return made


def _outline_name(outline: Outline) -> str:
    # LSP forbids empty names
    return outline.label.strip() or "?"


def _tagged(one: dict[str, Any], info: SymbolInfo, client: Client) -> Json:
    if info.flags & DefFlag.DEPRECATED:
        one["tags" if client.symbol_tags else "deprecated"] = (
            [_DEPRECATED_TAG] if client.symbol_tags else True
        )
    return one


def workspace_symbol(view: View, info: SymbolInfo, client: Client) -> Json:
    """``WorkspaceSymbol``; without a range for a client that asks for it later."""
    one = {
        "name": info.name,
        "kind": symbol_kind(info, client),
        "containerName": info.container or info.path,
        "data": item_data(view, info),
    }
    if client.lazy_workspace_symbols:
        one["location"] = {"uri": view.uri(info.path)}
    else:
        one["location"] = location(view, info.path, info.place.name)
    return _tagged(one, info, client)


def item_data(view: View, info: SymbolInfo) -> Json:
    """What finds a symbol again when the client hands an item back."""
    data = {"folder": view.folder.key, "path": info.path, "name": info.name}
    if info.symbol_id is not None:
        data["id"] = info.symbol_id
    else:
        data["row"] = info.ref[1]  # type: ignore[assignment]
    return data


def hierarchy_item(view: View, info: SymbolInfo, client: Client, detail: str = "") -> Json:
    """``CallHierarchyItem`` or ``TypeHierarchyItem``."""
    one = {
        "name": info.name,
        "kind": symbol_kind(info, client),
        "detail": " · ".join(part for part in (info.container, detail) if part),
        "uri": view.uri(info.path),
        "range": view.range(info.path, info.place.full),
        "selectionRange": view.range(info.path, info.place.name),
        "data": item_data(view, info),
    }
    if info.flags & DefFlag.DEPRECATED:
        one["tags"] = [_DEPRECATED_TAG]
    return one


# texts


def hover(view: View, path: str, answer: Hover, client: Client) -> Json:
    """``Hover``, in Markdown for a client that takes it."""
    info = answer.symbol
    types = " | ".join(answer.types)
    head = answer.signature or info.name
    more = f"one of {answer.n_candidates} candidates" if answer.n_candidates > 1 else ""
    if client.markdown:
        fence = "```" if "```" not in head else "~~~~"
        kind = f"*{word(info.kind)}* `{info.fqn}`" + (f": `{types}`" if types else "")
        parts = [
            f"{fence}{answer.language}\n{head}\n{fence}",
            kind,
            answer.documentation,
            f"*{more}*" if more else "",
        ]
    else:
        kind = f"{word(info.kind)} {info.fqn}" + (f": {types}" if types else "")
        parts = [head, kind, answer.documentation, more]
    text = "\n\n".join(part for part in parts if part)
    kind_of_text = "markdown" if client.markdown else "plaintext"
    return {"contents": {"kind": kind_of_text, "value": text}, "range": view.range(path, answer.span)}


def folds(answer: list[Fold], client: Client) -> list[Json]:
    """``FoldingRange[]``, whole lines."""
    if client.max_folds and len(answer) > client.max_folds:
        # what is kept has to be the outer ones
        answer = sorted(sorted(answer, key=lambda fold: fold.first_line - fold.last_line)[: client.max_folds])
    return [
        {"startLine": fold.first_line, "endLine": fold.last_line}
        | ({} if fold.kind is FoldKind.CODE else {"kind": fold.kind.value})
        for fold in answer
    ]


def selection_range(view: View, path: str, spans: list[Span]) -> Json:
    """``SelectionRange``: the innermost, each with its parent."""
    made: Json = None
    for span in reversed(spans):
        one: dict[str, Any] = {"range": view.range(path, span)}
        if made is not None:
            one["parent"] = made
        made = one
    return made
