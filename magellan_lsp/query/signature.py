"""A definition's head as text: what hover, outlines and call hierarchies show of it."""

from __future__ import annotations

import re
from textwrap import dedent

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefKind

#: A signature longer than this is cut: nobody reads it in a tooltip.
MAX_CHARS = 2000
MAX_LINES = 25
_DETAIL_CHARS = 160

_WHOLE_HEAD = frozenset(
    {
        DefKind.FUNCTION,
        DefKind.METHOD,
        DefKind.CONSTRUCTOR,
        DefKind.PROPERTY,
        DefKind.CLASS,
        DefKind.STRUCT,
        DefKind.INTERFACE,
        DefKind.TRAIT,
        DefKind.ENUM,
        DefKind.UNION,
        DefKind.IMPL,
        DefKind.TYPE_ALIAS,
        DefKind.MACRO,
    }
)


def signature(data: bytes, facts: FileFacts, row: int) -> str:
    """The definition up to its body, as it stands in the source; its first line where it has no body."""
    start = facts.def_start[row]
    end = facts.def_signature_end[row]
    if end <= start:
        end = facts.def_end[row]
    text = data[start : min(end, start + 4 * MAX_CHARS)].decode("utf-8", "replace")
    if facts.def_kind[row] not in _WHOLE_HEAD:
        text = _first_line(text)
    begin = data.rfind(b"\n", 0, start) + 1
    indent = data[begin:start]
    if not indent.strip():
        text = dedent(indent.decode("utf-8", "replace") + text)
    lines = [line.rstrip() for line in text.strip().splitlines()][:MAX_LINES]
    return "\n".join(lines)[:MAX_CHARS].rstrip().removesuffix("{").rstrip().removesuffix(":").rstrip()


def _first_line(text: str) -> str:
    line, _, rest = text.partition("\n")
    line = line.rstrip()
    return f"{line} …" if rest.strip() and line.endswith(("{", "[", "(", "=")) else line


def detail(data: bytes, facts: FileFacts, row: int) -> str:
    """What follows the name in the definition's head, on one line: ``(self, name: str) -> int``; "" for
    none.
    """
    if facts.def_kind[row] not in _WHOLE_HEAD:
        return ""
    start, end = facts.def_name_end[row], facts.def_signature_end[row]
    if end <= start:
        return ""
    text = data[start : min(end, start + 4 * _DETAIL_CHARS)].decode("utf-8", "replace")
    text = " ".join(text.split()).rstrip("{;").rstrip().removesuffix(":").rstrip()
    return text if len(text) <= _DETAIL_CHARS else text[: _DETAIL_CHARS - 1] + "…"


_QUOTES = re.compile(r"^[rRbBuUfF]{0,2}(\"\"\"|'''|\"|')")
_LINE_SIGN = re.compile(r"^\s*(///?!?|//!|#+!?|--|;+)\s?")
_STAR = re.compile(r"^\s*\* ?")


def documentation(data: bytes, facts: FileFacts, row: int) -> str:
    """The definition's comment or docstring without the signs that make it one; "" when it has none."""
    start, end = facts.def_doc_start[row], facts.def_doc_end[row]
    if start < 0 or end <= start:
        return ""
    return clean(data[start:end].decode("utf-8", "replace"))


def clean(text: str) -> str:
    """A comment's or docstring's text, indented as its author meant it."""
    text = text.strip()
    quotes = _QUOTES.match(text)
    if quotes:
        body = text[quotes.end() :].removesuffix(quotes.group(1))
        first, _, rest = body.partition("\n")
        return f"{first.strip()}\n{dedent(rest)}".strip()
    if text.startswith("/*"):
        body = text.removesuffix("*/").rstrip()
        lines = body[2:].lstrip("*!").splitlines()
        return dedent(
            "\n".join(_STAR.sub("", line) if i else line.strip() for i, line in enumerate(lines))
        ).strip()
    return dedent("\n".join(_LINE_SIGN.sub("", line) for line in text.splitlines())).strip()
