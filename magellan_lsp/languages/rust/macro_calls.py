"""What calls of macros by example give, from what extraction kept of their rules (``transcribers.py``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import ExprOp
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.types import Ref, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

_MAX_DEPTH = 24


def transcribed(r: Resolver, macro: Ref, args: Sequence[TypeSet]) -> TypeSet:
    """What calling a macro with arguments gives: what its rules end in."""
    facts = r.facts(macro[0])
    if facts is None:
        return ()
    used = _used(r, facts, macro)
    args = tuple(given if at in used else () for at, given in enumerate(args[: max(used, default=-1) + 1]))

    def compute() -> TypeSet:
        return t.union(_filled(r, facts, facts.site_value[site], args, 0) for site in facts.sites(macro[1]))

    nothing: TypeSet = ()
    found: TypeSet = r.query(("rust-macro", macro, args), compute, nothing)
    return found


def _used(r: Resolver, facts: FileFacts, macro: Ref) -> frozenset[int]:
    """The positions of the arguments that what a macro gives depends on."""

    def compute() -> frozenset[int]:
        found: set[int] = set()
        left = [facts.site_value[site] for site in facts.sites(macro[1])]
        seen: set[int] = set()
        while left:
            expr = left.pop()
            if expr <= 0 or expr in seen:
                continue
            seen.add(expr)
            op, *parts = facts.expr(expr)
            if op == ExprOp.CALLBACK:
                found.add(parts[1])
            elif op in (ExprOp.TRY, ExprOp.MEMBER):
                left.append(parts[0])
            elif op in (ExprOp.UNION, ExprOp.CALL):
                left.extend(parts)
        return frozenset(found)

    nothing: frozenset[int] = frozenset()
    return r.query(("rust-macro-uses", macro), compute, nothing, 0)


def _filled(r: Resolver, facts: FileFacts, expr: int, args: Sequence[TypeSet], depth: int) -> TypeSet:
    """The value of a transcriber's expression, the macro's arguments put in their places."""
    if expr <= 0 or depth > _MAX_DEPTH:
        return ()
    op, *parts = facts.expr(expr)

    def inner(at: int) -> TypeSet:
        return _filled(r, facts, parts[at], args, depth + 1)

    if op == ExprOp.CALLBACK:
        return args[parts[1]] if parts[1] < len(args) else ()
    if op == ExprOp.TRY:
        return t.union(r.rules(facts.path).attempt(r, one) for one in inner(0))
    if op == ExprOp.MEMBER:
        return r.member_value(facts.path, inner(0), facts.names[parts[1]])
    if op == ExprOp.UNION:
        return t.union(inner(at) for at in range(len(parts)))
    if op == ExprOp.CALL:
        given = [inner(at) for at in range(1, len(parts))]
        return t.union(r.call(facts.path, callee, given) for callee in inner(0))
    return r.eval(facts.path, expr)
