"""Rust: what extraction needs to know. Linking rules are in ``rules.py``."""

from __future__ import annotations

from magellan_lsp.facts.kinds import DefKind, ScopeKind
from magellan_lsp.languages.base import Language
from magellan_lsp.languages.rust.expressions import EXPRESSIONS
from magellan_lsp.languages.rust.hooks import HOOKS, finish
from magellan_lsp.languages.rust.macros import further_roots, read
from magellan_lsp.languages.rust.names import SPACES
from magellan_lsp.languages.rust.written import begin


def module_name(path: str) -> str:
    """``crates/core/src/flags/mod.rs`` -> ``core::flags``: the crate's folder, then modules below ``src``."""
    parts = path[:-3].split("/")
    crate: list[str] = []
    if "src" in parts[:-1]:
        at = len(parts) - 1 - parts[::-1].index("src")
        crate = parts[at - 1 : at] if at else ["crate"]
        parts = parts[at + 1 :]
    if parts and parts[-1] in ("mod", "lib", "main"):
        parts = parts[:-1]
    return "::".join([*crate, *parts])


RUST = Language(
    name="rust",
    grammar="rust",
    extensions=(".rs",),
    expressions=EXPRESSIONS,
    hooks=HOOKS,
    finish=finish,
    module_name=module_name,
    separator="::",
    sequential_kinds=frozenset({DefKind.VARIABLE}),
    spaces=SPACES,
    closed_scopes=frozenset({ScopeKind.NAMESPACE}),
    hidden_scopes=frozenset({ScopeKind.CLASS}),
    read=read,
    further_roots=further_roots,
    begin=begin,
    rules="magellan_lsp.languages.rust.rules",
)

LANGUAGES = {"rust": RUST}
