"""What a command prints: lines for people (in colour on a terminal), or one JSON document for scripts.

The JSON fields are documented in ``docs/cli.md``. Tests: ``tests/cli/test_questions.py``.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any, Literal

from magellan_lsp.cli.workspace import Workspace
from magellan_lsp.query.answers import Occurrence, SymbolInfo
from magellan_lsp.text import LineIndex, Span

Style = Literal["", "path", "name", "dim", "kind", "match", "good", "warn", "bad", "head"]
#: A piece of a line and how it looks.
Part = tuple[str, Style]

_STYLES: dict[str, str] = {
    "path": "cyan",
    "name": "bold",
    "dim": "dim",
    "kind": "magenta",
    "match": "bold red",
    "good": "green",
    "warn": "yellow",
    "bad": "bold red",
    "head": "bold underline",
}
#: Source may hold anything; what would move the cursor or change the terminal is shown as a mark.
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f]")
#: A line longer than this (minified code) is cut around the match.
_MAX_CHARS = 200


class Out:
    """Standard output, in one of the two forms."""

    def __init__(self, form: str) -> None:
        self.is_json = form == "json"
        self._console: Any = None
        if not self.is_json and sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
            from rich.console import Console

            self._console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)

    def line(self, *parts: Part | str) -> None:
        """One line for people; nothing when scripts are asking."""
        if self.is_json:
            return
        pieces = [(part, "") if isinstance(part, str) else part for part in parts]
        if self._console is None:
            print(_encodable("".join(clean(text) for text, _ in pieces)))
            return
        from rich.text import Text

        text = Text()
        for piece, style in pieces:
            text.append(clean(piece), style=_STYLES.get(style, ""))
        self._console.print(text)

    def json(self, document: dict[str, Any]) -> None:
        """The document for scripts, on one line; nothing for people."""
        if self.is_json:
            print(json.dumps(document, ensure_ascii=True, default=str))


def clean(text: str) -> str:
    """The text without what a terminal would obey."""
    return _CONTROL.sub("\ufffd", text)


def _encodable(text: str) -> str:
    """What standard output's encoding can hold of a text."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding, "replace")


class Places:
    """Byte spans as lines and columns, with the text of the line; each file is read once.

    Args:
        workspace: where the paths are.
        read_text: the bytes that the spans are about; None when they are not to be had (the file changed since).
    """

    def __init__(self, workspace: Workspace, read_text: Callable[[str], bytes | None]) -> None:
        self._workspace = workspace
        self._read_text = read_text
        self._texts: dict[str, tuple[bytes, LineIndex] | None] = {}

    def _text(self, path: str) -> tuple[bytes, LineIndex] | None:
        if path not in self._texts:
            data = self._read_text(path)
            self._texts[path] = None if data is None else (data, LineIndex(data, name=path))
        return self._texts[path]

    def shown(self, path: str, span: Span) -> str:
        """``path:line:column``, from 1, in characters; relative to the current folder."""
        text = self._text(path)
        name = self._workspace.shown(path)
        if text is None:
            return name
        line, column = text[1].line_column(span.start, "utf-32")
        return f"{name}:{line + 1}:{column + 1}"

    def location(self, path: str, span: Span) -> dict[str, Any]:
        """A place for scripts: lines and UTF-16 columns from 0, bytes, and the path relative to the root."""
        found: dict[str, Any] = {"path": path, "bytes": [span.start, span.end]}
        text = self._text(path)
        if text is not None:
            ends = (text[1].line_column(offset, "utf-16") for offset in span)
            start, end = ({"line": line, "character": column} for line, column in ends)
            found["range"] = {"start": start, "end": end}
        return found

    def source(self, path: str, span: Span) -> list[Part]:
        """The line that a span is on, the span marked; [] when the text is gone."""
        text = self._text(path)
        if text is None:
            return []
        data, index = text
        line = index.line_span(index.line_column(span.start, "utf-8").line)
        start, end = max(span.start, line.start), min(span.end, line.end)
        before = data[line.start : start].decode("utf-8", "replace").lstrip()
        match = data[start:end].decode("utf-8", "replace")
        after = data[end : line.end].decode("utf-8", "replace").rstrip()
        room = max(20, (_MAX_CHARS - len(match)) // 2)
        if len(before) > room:
            before = "…" + before[-room:]
        if len(after) > room:
            after = after[:room] + "…"
        return [(before, ""), (match, "match"), (after, "")]


def symbol_line(out: Out, places: Places, symbol: SymbolInfo, indent: str = "", note: str = "") -> None:
    """A symbol for people: kind, name, place, and a remark."""
    name: Part = (symbol.fqn if symbol.ref[1] else symbol.path, "name")
    kind: Part = (f"{symbol.kind.name.lower():<13}", "kind")
    place: Part = (places.shown(symbol.path, symbol.place.name), "path")
    out.line(indent, kind, " ", name, "  ", place, (f"  {note}" if note else "", "dim"))


def occurrence_line(out: Out, places: Places, one: Occurrence, indent: str = "") -> None:
    """A place in a text for people: where, and the line."""
    source = places.source(one.path, one.span)
    out.line(indent, (places.shown(one.path, one.span), "path"), ("  ", ""), *source)


def symbol_json(places: Places, symbol: SymbolInfo) -> dict[str, Any]:
    """A symbol for scripts."""
    location = places.location(symbol.path, symbol.place.name)
    canonical = f"{symbol.path}::{symbol.qualified}" if symbol.ref[1] else symbol.path
    return {
        "id": symbol.symbol_id,
        "name": symbol.name,
        "kind": symbol.kind.name.lower(),
        "fqn": symbol.fqn,
        "canonical": canonical if symbol.symbol_id is not None else None,
        **location,
        "full": {
            key: value
            for key, value in places.location(symbol.path, symbol.place.full).items()
            if key != "path"
        },
    }


def occurrence_json(places: Places, one: Occurrence) -> dict[str, Any]:
    """A place where a symbol is named, for scripts."""
    return {**places.location(one.path, one.span), "role": one.role.name.lower()}


def plural(count: int, word: str) -> str:
    """``1 file``, ``1,234 files``."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def size(n_bytes: int) -> str:
    """``1.5 MB``; units of 1,000."""
    value = float(n_bytes)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return ""


def joined(items: Iterable[str]) -> str:
    """A list in a sentence."""
    return ", ".join(items)
