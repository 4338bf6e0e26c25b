"""What the requests beyond LSP have in common on the wire: places, symbols, the choice of a symbol, pictures.

A *Place* is ``{uri, range, bytes: {start, end}}``: the range in the negotiated encoding, the bytes in the file's UTF-8,
both half-open and of the newest text known. A *Symbol* is the Place of all its text, and ``{id, name, fqn, displayFqn,
kind, language, selectionRange, selectionBytes}``. For use in the threads that answer. Documentation:
``docs/lsp-extensions.md``; tests: ``tests/e2e/test_second_tier.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol.types import LSPErrorCodes
from pygls.exceptions import JsonRpcException

from magellan_lsp.errors import UsageError
from magellan_lsp.languages.registry import FAMILY
from magellan_lsp.protocol.to_lsp import word
from magellan_lsp.query.answers import SymbolInfo
from magellan_lsp.query.choice import are_one, symbols_named, with_bodies
from magellan_lsp.query.targets import targets_at
from magellan_lsp.text import Span

if TYPE_CHECKING:
    from magellan_lsp.protocol.choosing import SymbolChoice
    from magellan_lsp.render import Picture
    from magellan_lsp.resolve.types import Ref
    from magellan_lsp.session.views import View

Json = Any

#: An ambiguous name's candidates, so many at most.
MAX_CANDIDATES = 100


# to the wire


def place(view: View, path: str, span: Span) -> dict[str, Any]:
    """A Place."""
    return {
        "uri": view.uri(path),
        "range": view.range(path, span),
        "bytes": {"start": span.start, "end": span.end},
    }


def symbol(view: View, info: SymbolInfo) -> dict[str, Any]:
    """A Symbol. ``id`` and ``fqn`` are null for what is local to a function."""
    facts = view.snapshot.facts(info.path)
    name = info.place.name
    return {
        **place(view, info.path, info.place.full),
        "id": info.symbol_id,
        "name": info.name,
        "fqn": facts.canonical_fqn(info.ref[1]) if facts is not None else None,
        "displayFqn": info.fqn,
        "kind": word(info.kind),
        "language": FAMILY.get(facts.language, facts.language) if facts is not None else "",
        "selectionRange": view.range(info.path, name),
        "selectionBytes": {"start": name.start, "end": name.end},
    }


def symbol_of(view: View, ref: Ref) -> dict[str, Any] | None:
    """The Symbol of a definition; None when it is gone."""
    info = view.snapshot.info(ref)
    return symbol(view, info) if info is not None else None


def symbols(view: View, refs: Iterable[Ref]) -> list[dict[str, Any]]:
    """The Symbols of definitions, in their order; those that are gone are left out."""
    return [one for ref in refs if (one := symbol_of(view, ref)) is not None]


def symbols_of_ids(view: View, symbol_ids: Iterable[str]) -> list[dict[str, Any]]:
    """The Symbols of SymbolIds, in their order; those that are gone are left out."""
    found = (view.snapshot.find(one) for one in symbol_ids)
    return symbols(view, (ref for ref in found if ref is not None))


# choosing


def chosen(view: View, path: str | None, params: SymbolChoice) -> list[Ref]:
    """What a choice of a symbol in params stands for: one thing, with all its overloads and declarations.

    Args:
        path: the file of ``params.text_document``, if that is given.

    Returns:
        By (path, definition); [] when there is no such symbol.

    Raises:
        UsageError: neither a symbol nor a position is given.
        JsonRpcException: the name stands for several things; ``data.candidates`` are their Symbols.
    """
    if params.symbol is not None:
        refs = symbols_named(view.snapshot, params.symbol)
        if not are_one(view.snapshot, refs):
            raise ambiguous(view, params.symbol, refs)
        return refs
    if path is None or params.position is None:
        raise UsageError("Say which symbol: `symbol`, or `textDocument` and `position`.")
    offset = view.offset(path, params.position.line, params.position.character)
    return targets_at(view.snapshot, path, offset)


def chosen_one(view: View, path: str | None, params: SymbolChoice) -> Ref | None:
    """The one definition that a choice stands for; None when there is none.

    Of a declaration and its definition the latter; of what a position may mean the best.

    Raises:
        UsageError, JsonRpcException: as for :func:`chosen`; also for overloads that each have a body.
    """
    refs = with_bodies(view.snapshot, chosen(view, path, params))
    if len(refs) > 1 and params.symbol is not None:
        raise ambiguous(view, params.symbol, refs)
    return refs[0] if refs else None


def ambiguous(view: View, name: str, refs: Sequence[Ref]) -> JsonRpcException:
    """The error for a name that stands for several symbols."""
    return JsonRpcException(
        f"{name!r} stands for {len(refs)} symbols; say which, by id or fqn.",
        code=LSPErrorCodes.RequestFailed,
        data={"error": "AmbiguousName", "name": name, "candidates": symbols(view, refs[:MAX_CANDIDATES])},
    )


# pictures


FORMS = ("dot", "mermaid", "svg")


def check_form(form: str | None) -> None:
    """Refuse a ``picture`` in params that is none of ``FORMS``.

    Raises:
        UsageError: there is no such form.
    """
    if form is not None and form not in FORMS:
        raise UsageError(f"`picture` is one of {', '.join(FORMS)}, not {form!r}.")


def drawn(picture: Picture, form: str) -> str:
    """A picture as text of one of ``FORMS``."""
    from magellan_lsp.render import to_dot, to_mermaid, to_svg

    return {"dot": to_dot, "mermaid": to_mermaid, "svg": to_svg}[form](picture)
