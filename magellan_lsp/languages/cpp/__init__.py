"""C++: tables and extraction hooks. Linking rules are in ``rules.py``; what is C's as well is in
``c/common.py``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp
from magellan_lsp.languages.base import Captures, Language
from magellan_lsp.languages.c import common
from magellan_lsp.languages.cpp.declarations import declarations
from magellan_lsp.languages.cpp.expressions import EXPRESSIONS
from magellan_lsp.languages.cpp.uses import (
    late_bases,
    use_braces,
    use_call,
    use_initializer,
    use_member,
    use_names,
    use_new,
    use_qualified,
)

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

#: ``FMT_BEGIN_NAMESPACE`` alone on its line, and what closes it.
_NAMESPACE_MACRO = re.compile(
    rb"(?m)^[ \t]*+(?=[A-Z0-9_]{5,200}(?![A-Z0-9_]))(?:"
    rb"(_*[A-Z0-9_]*(?:BEGIN|OPEN)(?:_[A-Z0-9]+)*_(?:NAMESPACE|NS)[A-Z0-9_]*"
    rb"|[A-Z0-9_]*(?:NAMESPACE|NS)(?:_[A-Z0-9]+)*_(?:BEGIN|OPEN|START))"
    rb"|(_*[A-Z0-9_]*(?:END|CLOSE)(?:_[A-Z0-9]+)*_(?:NAMESPACE|NS)[A-Z0-9_]*"
    rb"|[A-Z0-9_]*(?:NAMESPACE|NS)(?:_[A-Z0-9]+)*_(?:END|CLOSE)))[ \t\r]*(?://[^\n]*)?$"
)


def _directives(b: Builder, matches: list[Captures]) -> None:
    common.directives(b, matches)
    if any(captures["root"][0].id == b.root.id for captures in matches):
        _opened_by_macros(b)


def _opened_by_macros(b: Builder) -> None:
    """Namespaces between two macros: nameless ones without a scope; linking finds out by their extent what is in them."""
    opening: list[re.Match[bytes]] = []
    for found in _NAMESPACE_MACRO.finditer(b.source):
        if found.group(1) is not None:
            opening.append(found)
        elif opening:
            first = opening.pop()
            start, macro = first.start(1), first.group(1).decode()
            row = b.define(
                DefKind.NAMESPACE,
                "",
                start,
                start,
                start,
                found.end(2),
                scope=0,
                owner=0,
                flags=DefFlag.SYNTHETIC,
                lexical=False,
                claim=False,
            )
            b.set_type(row, lambda macro=macro: b.expr(ExprOp.STRING, b.name_index(macro)))  # type: ignore[misc]


CPP = Language(
    name="cpp",
    grammar="cpp",
    extensions=(".cc", ".cpp", ".cxx", ".hpp"),
    expressions=EXPRESSIONS,
    hooks={
        "directives": _directives,
        "declaration": declarations,
        "label": common.labels,
        "late_unlikely": common.mark_unlikely,
        "late_bases": late_bases,
        "use_names": use_names,
        "use_goto": common.gotos,
        "use_designator": common.designators,
        "use_call": use_call,
        "use_qualified": use_qualified,
        "use_initializer": use_initializer,
        "use_member": use_member,
        "use_new": use_new,
        "use_braces": use_braces,
    },
    read=common.reader(cpp=True),
    further_roots=common.further_roots,
    begin=common.announce,
    finish=common.finish,
    separator="::",
    class_scope_visible=True,
    implicit_members=True,
    rules="magellan_lsp.languages.cpp.rules",
)
LANGUAGES = {"cpp": CPP}
