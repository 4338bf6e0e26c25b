"""Values of types: what inference over recursive generics may grow to."""

from __future__ import annotations

from magellan_lsp.resolve import types as t

T = ("a.ts", 1)
OPEN = ((t.TYPEVAR, T),)


def size(one: t.Type) -> int:
    """How many types there are in a type, itself included."""
    parts = one[2] if one[0] == t.INSTANCE else ()
    return 1 + sum(size(inner) for part in parts for inner in part)


def instance(row: int, *parts: t.TypeSet) -> t.Type:
    return (t.INSTANCE, ("a.ts", row), parts)


def test_what_is_put_in_for_a_parameter_is_seen_at_any_depth() -> None:
    text = (instance(9),)
    types = (instance(2, (instance(3, OPEN),), OPEN),)
    assert t.substitute(types, {T: text}) == (instance(2, (instance(3, text),), text),)


def test_a_type_that_holds_itself_in_several_alternatives_stays_small_and_known() -> None:
    # type Deep<T> = A<Deep<T>, T> | B<Deep<T>, T> | C<Deep<T>, T>, filled in with itself again and again
    types: t.TypeSet = (instance(2), instance(3), instance(4))
    for _ in range(8):
        types = t.substitute(
            (instance(2, OPEN, OPEN), instance(3, OPEN, OPEN), instance(4, OPEN, OPEN)), {T: types}
        )
        assert [one[1][1] for one in types] == [2, 3, 4]
        assert all(size(one) <= t.MAX_SIZE for one in types)


def test_a_type_that_nests_without_end_keeps_its_outermost_parts() -> None:
    types: t.TypeSet = (instance(2),)
    seen = []
    for _ in range(t.MAX_NESTING + 3):
        types = t.substitute((instance(2, OPEN),), {T: types})
        seen.append(types)
    assert [one[1][1] for one in types] == [2]
    assert seen[t.MAX_NESTING :] == [types] * 3  # from some depth on it stays as it is


def test_tuples_and_functions_keep_their_shape_when_they_are_cut() -> None:
    many = tuple(instance(row) for row in range(10, 22))
    wide = (instance(2, many, many), instance(3, many, many), instance(4, many, many))
    (pair,) = t.substitute(((t.TUPLE, (OPEN, OPEN)),), {T: wide})
    assert pair == (t.TUPLE, (tuple(instance(row, (), ()) for row in (2, 3, 4)),) * 2)
    (function,) = t.substitute(((t.CALLABLE, (OPEN,), OPEN),), {T: wide})
    assert function == (t.CALLABLE, pair[1][:1], pair[1][1])


def test_a_written_type_that_names_itself_keeps_its_outermost_parts() -> None:
    # type Node = [Node, Node, Node] | Leaf, followed further and further
    leaf = instance(2)
    types: t.TypeSet = (leaf,)
    for _ in range(20):
        types = (t.pruned((t.TUPLE, (types, types, types))), leaf)
    first, other = types
    assert first[0] == t.TUPLE
    assert len(first[1]) == 3
    assert other == leaf
    level, count = [first], 0
    while level:
        count += len(level)
        level = [inner for one in level if one[0] == t.TUPLE for part in one[1] for inner in part]
    assert count <= t.MAX_SIZE
