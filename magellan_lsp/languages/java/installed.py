"""Java classes outside of the workspace, where the resolver may look at sources of the JDK and of libraries.

What the built-in stubs describe stays theirs, so that inference is the same with and without a JDK; a class of theirs
is joined to the one that it stands for by its name, to show places and to know the members that the stubs leave out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.rules import CLASS_LIKE
from magellan_lsp.resolve.types import Ref, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver


def top_level(r: Resolver, package: str, name: str) -> list[Ref]:
    """A package's class of a name, which stands in the file of that name; [] where it is not installed."""
    for folder in _folders(r, package):
        path = f"{folder}/{name}.java"
        facts = r.facts(path) if r.source.exists(path) else None
        if facts is not None:
            return [
                (path, row) for row in facts.members(0).get(name, ()) if facts.def_kind[row] in CLASS_LIKE
            ]
    return []


def _folders(r: Resolver, package: str) -> Sequence[str]:
    """The installed folders of a package, the likeliest first."""

    def compute() -> Sequence[str]:
        installed = r.installed
        if installed is None or not package:
            return ()
        inner = package.replace(".", "/")
        folders = (f"{root}/{inner}" for root in installed.roots("java"))
        return tuple(folder for folder in folders if installed.files(folder))

    return r.query(("java-installed", package), compute, ())


def described(r: Resolver, ref: Ref, package: str) -> list[Ref]:
    """The installed class that a class of a stub of a package stands for."""

    def compute() -> list[Ref]:
        facts = r.facts(ref[0])
        if facts is None or facts.def_kind[ref[1]] not in CLASS_LIKE:
            return []
        owner = facts.def_owner[ref[1]]
        if owner <= 0:
            return top_level(r, package, facts.name(ref[1]))
        return [
            inner
            for outer in described(r, (ref[0], owner), package)
            for inner in declared(r, outer, facts.name(ref[1]))
            if r.kind_of(inner) in CLASS_LIKE
        ]

    return r.query(("java-described", ref), compute, [])


def declared(r: Resolver, ref: Ref, name: str) -> list[Ref]:
    """What a class itself declares under a name."""
    facts = r.facts(ref[0])
    body = facts.def_body[ref[1]] if facts is not None else -1
    if facts is None or body < 0:
        return []
    return [(ref[0], row) for row in facts.members(body).get(name, ())]


def in_terms_of(r: Resolver, stub: Ref, real: Ref, mapping: dict[Ref, TypeSet]) -> dict[Ref, TypeSet]:
    """What the type parameters of an installed class stand for, given the same of the stub that describes it."""
    found = dict(mapping)
    for own, other in zip(r.type_parameters(real), r.type_parameters(stub), strict=False):
        found[own] = mapping.get(other, ((t.TYPEVAR, other),))
    return found
