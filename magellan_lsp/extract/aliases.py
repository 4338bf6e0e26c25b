"""Which names of a function may stand for one object, or for a part of another's: what data dependence has to know when an
object is changed in place.

Taken from the values that names are given anywhere in the function, in whatever order, so all of it is "may". A copy, a
reference and a choice among names stand for the same; a member, an element, a part of a tuple and what a loop runs over are
parts of the whole, and so is a name in a list, tuple or table that is written out, or that is stored in one. What a call
gives stands for nothing else. Names are those of :mod:`magellan_lsp.extract.statements`. Tests:
``tests/query/graph/test_slices.py``.

Source: equality as in Steensgaard, "Points-to Analysis in Almost Linear Time" (1996), without going through pointers; parts
are edges between its classes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import ExprOp

#: What is reached through these is what their first argument stands for.
_SAME = frozenset({ExprOp.REF, ExprOp.DEREF, ExprOp.AWAIT, ExprOp.TRY})
#: What these give is a part of their first argument.
_PART = frozenset({ExprOp.MEMBER, ExprOp.PATH, ExprOp.INDEX, ExprOp.ELEMENT, ExprOp.UNPACK, ExprOp.ENTER})
#: What is put together of others: which of its arguments those are.
_ELEMENTS: dict[int, slice[int | None, int | None, int | None]] = {
    ExprOp.LITERAL: slice(1, None),
    ExprOp.TUPLE: slice(None),
    ExprOp.TABLE: slice(2, None, 2),
    ExprOp.STORED: slice(1),
}


def local(definition: int) -> str:
    """The name of what a definition of the file binds."""
    return f"#{definition}"


def chain(facts: FileFacts, expr: int) -> list[str]:
    """The names through which an expression reaches an object, the outermost first: ``.b``, ``.a`` and ``x`` of
    ``x.a[0].b``. What stands for no object that can be named ends it.
    """
    found: list[str] = []
    while expr >= 0:
        op, *args = facts.expr(expr)
        if op == ExprOp.DEF:
            return [*found, local(args[0])]
        if op == ExprOp.NAME:
            return [*found, facts.names[args[0]]]
        if op in (ExprOp.MEMBER, ExprOp.PATH):
            found.append(f".{facts.names[args[1]]}")
        elif op not in _SAME and op not in _PART:
            return found
        expr = args[0]
    return found


class Aliases:
    """The names of one function.

    Args:
        start, end: bytes of the function: only what is given a value there counts.
        given: what the text says beside the facts, which keep no value of a variable whose type is declared: a name, and
            the names through which its value is reached as :func:`chain` gives them, with whether it is a part.
    """

    def __init__(
        self, facts: FileFacts, start: int, end: int, given: Iterable[tuple[str, list[str], bool]] = ()
    ) -> None:
        self._facts = facts
        self._leader: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        pairs: list[tuple[str, str]] = []  # a part, and the whole
        for row, definition in enumerate(facts.site_def):
            # A value begins to hold at the end of what gives it: at the function's end at the latest.
            if start <= facts.site_start[row] <= end and facts.site_value[row] >= 0:
                pairs += self._look_at(local(definition), facts.site_value[row])
        for name, reached, is_part in given:
            if is_part:
                pairs += [(name, whole) for whole in reached]
            else:
                self._unite(name, reached[0])
        self._wholes: dict[str, dict[str, None]] = {}
        self._parts: dict[str, dict[str, None]] = {}
        for part, whole in pairs:
            inner, outer = self._find(part), self._find(whole)
            if inner != outer:
                self._wholes.setdefault(inner, {})[outer] = None
                self._parts.setdefault(outer, {})[inner] = None

    def changed_with(self, name: str, *, deeply: bool) -> set[str]:
        """The names, this one apart, of which the object may change when this one's is changed in place.

        Args:
            deeply: what is inside of it may be changed too, not only what it consists of.
        """
        own = self._find(name)
        classes = {own, *_closure(own, self._wholes)}
        if deeply:
            classes |= _closure(own, self._parts)
        return {member for one in classes for member in self._members.get(one, (one,))} - {name}

    def _look_at(self, name: str, value: int) -> Iterator[tuple[str, str]]:
        """Take in that a name is given a value; gives (part, whole) pairs."""
        work = [value]
        while work:
            expr = work.pop()
            op, *args = self._facts.expr(expr)
            if op == ExprOp.UNION:
                work.extend(arg for arg in args if arg >= 0)
            elif op in _SAME and args[0] >= 0:
                work.append(args[0])
            elif op == ExprOp.DEF:
                self._unite(name, local(args[0]))
            elif op == ExprOp.NAME:
                self._unite(name, self._facts.names[args[0]])
            elif op in _PART:
                yield from ((name, whole) for whole in chain(self._facts, expr))
            elif op in _ELEMENTS:
                for element in args[_ELEMENTS[op]]:
                    inside = chain(self._facts, element) if element >= 0 else []
                    if inside:
                        yield inside[0], name

    def _find(self, name: str) -> str:
        while (above := self._leader.get(name, name)) != name:
            self._leader[name] = name = self._leader.get(above, above)
        return name

    def _unite(self, one: str, other: str) -> None:
        kept, given = self._find(one), self._find(other)
        if kept == given:
            return
        into, moved = self._members.setdefault(kept, [kept]), self._members.pop(given, [given])
        if len(into) < len(moved):
            kept, given, into, moved = given, kept, moved, into
            self._members.pop(given, None)
            self._members[kept] = into
        into += moved
        self._leader[given] = kept


def _closure(start: str, edges: dict[str, dict[str, None]]) -> set[str]:
    found: set[str] = set()
    work: list[Iterable[str]] = [edges.get(start, ())]
    while work:
        for one in work.pop():
            if one not in found:
                found.add(one)
                work.append(edges.get(one, ()))
    return found
