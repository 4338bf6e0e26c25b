"""Names of symbols as people write them: display fqns, and how they are taken apart to be looked up.

A display fqn is the module's prefix and the qualified name, joined as the language joins them:
``flask.app.Flask.run``, ``crate::store::Store::open``. Both separators are understood everywhere. Tests:
``tests/store/test_fqn.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

from magellan_lsp.facts.file_facts import FileFacts

#: Languages that people write with ``::``.
_COLONS = frozenset({"rust", "cpp", "c"})


def display_fqn(facts: FileFacts, definition: int) -> str | None:
    """A symbol's name for people; None for a local."""
    row = facts.def_symbol[definition]
    return join(facts.module, facts.qualified[row], facts.language) if row >= 0 else None


def join(module: str, qualified: str, language: str) -> str:
    """Module prefix and qualified name as one name, with the separator of the language."""
    if language in _COLONS:
        module, qualified = module.replace(".", "::"), qualified.replace(".", "::")
        return f"{module}::{qualified}" if module and qualified else module or qualified
    return f"{module}.{qualified}" if module and qualified else module or qualified


def plain(name: str) -> str:
    """The name with ``.`` for ``::``: the form in which names are indexed and compared."""
    return name.replace("::", ".") if ":" in name else name


def iter_canonical_splits(fqn: str) -> Iterator[tuple[str, str]]:
    """Every (path, qualified name) that a canonical fqn may mean, neither of them empty: both may hold ``::``
    themselves. A path alone, which is its file's canonical fqn, is not among them.
    """
    at = fqn.find("::", 1)
    while 0 < at < len(fqn) - 2:
        yield fqn[:at], fqn[at + 2 :]
        at = fqn.find("::", at + 1)


def iter_display_splits(fqn: str) -> Iterator[tuple[str, str]]:
    """Every (module, qualified name), in plain form, that a display fqn may mean; either may be empty."""
    name = plain(fqn)
    if not name:
        return
    yield "", name
    at = name.find(".")
    while at >= 0:
        if len(name) > 1:
            yield name[:at], name[at + 1 :]
        at = name.find(".", at + 1)
    yield name, ""
