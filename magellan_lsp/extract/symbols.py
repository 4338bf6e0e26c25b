"""Which definitions of a file are symbols, and their ids: stable under moves, distinct for members of one name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from blake3 import blake3

from magellan_lsp.facts.kinds import DefKind

_LOCAL_KINDS = frozenset(
    map(
        int,
        (DefKind.VARIABLE, DefKind.CONSTANT, DefKind.FIELD, DefKind.ENUM_MEMBER, DefKind.TYPE_ALIAS),
    )
)
_NEVER_SYMBOLS = frozenset(
    map(
        int,
        (
            DefKind.PARAMETER,
            DefKind.TYPE_PARAMETER,
            DefKind.IMPORT,
            DefKind.LABEL,
            DefKind.IMPL,
            DefKind.LIFETIME,
        ),
    )
)
_TYPE_LIKE = frozenset(
    map(
        int,
        (
            DefKind.CLASS,
            DefKind.STRUCT,
            DefKind.INTERFACE,
            DefKind.TRAIT,
            DefKind.ENUM,
            DefKind.UNION,
            DefKind.IMPL,
        ),
    )
)
_FUNCTION_LIKE = frozenset(
    map(int, (DefKind.FUNCTION, DefKind.METHOD, DefKind.CONSTRUCTOR, DefKind.PROPERTY, DefKind.MACRO))
)


class Symbols(NamedTuple):
    """The symbols of a file, in the order of their definitions, owners first."""

    ids: list[str]
    qualified: list[str]
    of_definition: list[int]  # row of a definition -> symbol, -1 for none


def number_symbols(
    path: str,
    names: Sequence[str],
    kinds: Sequence[int],
    owners: Sequence[int],
    qualifiers: Mapping[int, str],
) -> Symbols:
    """Number the symbols among definitions (row 0 is the file itself) and give them ids.

    Args:
        owners: per definition the one around it, -1 for none; may come behind what it owns.
        qualifiers: per definition what stands before its own name in place of its owner's qualified name.
    """
    ids: list[str] = []
    qualified: list[str] = []
    rows = [-1] * len(names)
    full: dict[int, str] = {0: ""}
    local: dict[int, bool] = {-1: False}
    seen: dict[tuple[str, int], int] = {}
    taken: set[str] = set()
    following: dict[str, int] = {}  # where to begin to look for a free number
    for row in _owners_first(owners):
        kind, owner, name = kinds[row], owners[row], names[row]
        in_function = local.get(owner, False)
        local[row] = kind in _FUNCTION_LIKE or (in_function and kind not in _TYPE_LIKE)
        prefix = qualifiers.get(row)
        if prefix is None:
            prefix = full.get(owner, "")
        text = f"{prefix}.{name}" if prefix and name else name or prefix
        if row == 0:
            text = ""  # the file itself: its path is name enough
        full[row] = text
        if kind in _NEVER_SYMBOLS or not name:
            continue
        if in_function and kind in _LOCAL_KINDS:
            continue
        count = seen.get((text, kind), 0)
        seen[(text, kind)] = count + 1
        # The qualified name is an address people type: a repeated one carries its number.
        unique = text
        if unique in taken:
            number = following.get(text, 2)
            while f"{text}#{number}" in taken:
                number += 1
            following[text] = number + 1
            unique = f"{text}#{number}"
        taken.add(unique)
        material = f"{path}\0{text}\0{kind}\0{count}".encode("utf-8", "surrogatepass")
        rows[row] = len(ids)
        ids.append(blake3(material).hexdigest(16))
        qualified.append(unique)
    return Symbols(ids, qualified, rows)


def _owners_first(owners: Sequence[int]) -> list[int]:
    """Definition rows such that an owner comes before what it owns, otherwise in source order."""
    if all(owner < row for row, owner in enumerate(owners)):
        return list(range(len(owners)))
    order: list[int] = []
    done: set[int] = {-1}
    for row in range(len(owners)):
        chain = []
        at = row
        while at not in done:
            chain.append(at)
            done.add(at)
            at = owners[at]
        order.extend(reversed(chain))
    return order
