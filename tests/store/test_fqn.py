"""Names for people: how they are put together and taken apart."""

from __future__ import annotations

from magellan_lsp.store import fqn


def test_names_are_joined_as_the_language_joins_them() -> None:
    assert fqn.join("flask.app", "Flask.run", "python") == "flask.app.Flask.run"
    assert fqn.join("crate::store", "Store.open", "rust") == "crate::store::Store::open"
    assert fqn.join("", "ns.Type.f", "cpp") == "ns::Type::f"
    assert fqn.join("m", "", "python") == "m"
    assert fqn.join("", "f", "go") == "f"


def test_every_way_to_take_a_name_apart() -> None:
    assert list(fqn.iter_display_splits("a::b.c")) == [
        ("", "a.b.c"),
        ("a", "b.c"),
        ("a.b", "c"),
        ("a.b.c", ""),
    ]
    assert list(fqn.iter_canonical_splits("a::b::c")) == [("a", "b::c"), ("a::b", "c")]
    assert list(fqn.iter_canonical_splits("::a")) == list(fqn.iter_canonical_splits("a.b::")) == []
